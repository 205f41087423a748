"""Small pieces of HTML shared by lists, cards and record pages: links, statuses, tags, people, datetimes."""

import datetime as dt
from functools import lru_cache
from typing import Any
from zlib import crc32

from markupsafe import Markup, escape

from kanal.core.fields import Option
from kanal.kit.text import initials

NOTHING = Markup('<span class="none">–</span>')


def colour_attribute(colour: str) -> Markup:
    """Return the color attribute of a status or tag: a palette name or a hex value."""
    if colour.startswith("#"):
        return Markup('style="--color: {}"').format(colour)
    return Markup('data-color="{}"').format(colour or "gray")


def status(label: Any, colour: str) -> Markup:
    """Return an option as a colored dot with its label."""
    return Markup('<span class="status" {}><span>{}</span></span>').format(colour_attribute(colour), label)


def tag(option: Option) -> Markup:
    """Return an option as a small colored tag."""
    return Markup('<span class="tag" {}>{}</span>').format(colour_attribute(option.colour), option.label)


def linked(url: str, text: Any) -> Markup:
    """Return a link, without `Markup.format`, since a list has hundreds and it's twenty times as slow."""
    return Markup(f'<a href="{escape(url)}">{escape(text)}</a>')  # noqa: S704 - both are escaped


def web_link(text: str) -> Any:
    """Return a URL as a link, any other value as text."""
    if not text.lower().startswith(("http://", "https://")):
        return text
    short = text.split("://", 1)[1].removeprefix("www.").rstrip("/")
    return Markup('<a href="{}" target="_blank" rel="noopener noreferrer">{}</a>').format(text, short[:60])


def spanned(css: str, text: str) -> Markup:
    """Return a text with a CSS class."""
    return Markup(f'<span class="{css}">{escape(text)}</span>')  # noqa: S704 - escaped


@lru_cache(maxsize=4096)
def person(name: str) -> Markup:
    """Return a user with initials instead of a picture. Cached, since few users own most records."""
    hue = crc32(name.encode()) % 36 * 10
    mark = Markup('<span class="avatar sm" style="--hue: {}" aria-hidden="true">{}</span>').format(hue, initials(name))
    return Markup('<span class="person">{}<span>{}</span></span>').format(mark, name)


def timed(value: dt.date, whole: str, brief: str) -> Markup:
    """Return a short datetime or date, with the full value for machines and as a tooltip."""
    return Markup(f'<time datetime="{value.isoformat()}" title="{escape(whole)}">{escape(brief)}</time>')  # noqa: S704
