"""Small pieces of HTML that lists, cards and record pages share: links, statuses, tags, people, moments."""

import datetime as dt
from functools import lru_cache
from typing import Any
from zlib import crc32

from markupsafe import Markup, escape

from kanal.core.fields import Option
from kanal.kit.text import initials

NOTHING = Markup('<span class="none">–</span>')


def colour_attribute(colour: str) -> Markup:
    """Write the colour of a status or a tag: a palette name or a hex value."""
    if colour.startswith("#"):
        return Markup('style="--color: {}"').format(colour)
    return Markup('data-color="{}"').format(colour or "gray")


def status(label: Any, colour: str) -> Markup:
    """Write an option as a coloured dot with its label."""
    return Markup('<span class="status" {}><span>{}</span></span>').format(colour_attribute(colour), label)


def tag(option: Option) -> Markup:
    """Write an option as a small coloured mark."""
    return Markup('<span class="tag" {}>{}</span>').format(colour_attribute(option.colour), option.label)


def linked(url: str, text: Any) -> Markup:
    """Write a link; plainly, since a list has hundreds and `Markup.format` costs twenty times as much."""
    return Markup(f'<a href="{escape(url)}">{escape(text)}</a>')  # noqa: S704 - both are escaped


def web_link(text: str) -> Any:
    """Write an address of the web; anything else stays text."""
    if not text.lower().startswith(("http://", "https://")):
        return text
    short = text.split("://", 1)[1].removeprefix("www.").rstrip("/")
    return Markup('<a href="{}" target="_blank" rel="noopener noreferrer">{}</a>').format(text, short[:60])


def spanned(css: str, text: str) -> Markup:
    """Write a text of a certain look."""
    return Markup(f'<span class="{css}">{escape(text)}</span>')  # noqa: S704 - escaped


@lru_cache(maxsize=4096)
def person(name: str) -> Markup:
    """Write a user with the initials that stand for a picture; cached, as the same few look after all records."""
    hue = crc32(name.encode()) % 36 * 10
    mark = Markup('<span class="avatar sm" style="--hue: {}" aria-hidden="true">{}</span>').format(hue, initials(name))
    return Markup('<span class="person">{}<span>{}</span></span>').format(mark, name)


def timed(value: dt.date, whole: str, brief: str) -> Markup:
    """Write a moment or a day briefly, with all of it for programs and for who points at it."""
    return Markup(f'<time datetime="{value.isoformat()}" title="{escape(whole)}">{escape(brief)}</time>')  # noqa: S704
