"""How a value stands in a cell: one function per field type, made once per column and language: rows cost little."""

import datetime as dt
from collections.abc import Callable
from functools import lru_cache
from typing import Any
from zlib import crc32

from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from markupsafe import Markup, escape

from kanal.core import registry
from kanal.core.context import today
from kanal.core.fields import Field, Option
from kanal.core.fields.times import is_day
from kanal.core.keys import USERS
from kanal.core.listing import Column, Page
from kanal.kit.numbers import format_money, format_number
from kanal.kit.phones import written_phone
from kanal.kit.text import initials
from kanal.kit.writing import brief_day, brief_moment, written_day, written_moment

NOTHING = Markup('<span class="none">–</span>')
LONGEST = 140
MOST_NAMES = 3
Write = Callable[[Any], Any]


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


@lru_cache(maxsize=4096)
def person(name: str) -> Markup:
    """Write a user with the initials that stand for a picture; cached, as the same few look after all records."""
    hue = crc32(name.encode()) % 36 * 10
    mark = Markup('<span class="avatar sm" style="--hue: {}" aria-hidden="true">{}</span>').format(hue, initials(name))
    return Markup('<span class="person">{}<span>{}</span></span>').format(mark, name)


def choice_writer(field: Field, is_status: bool) -> Write:
    """Write the label of a key; coloured where the option is."""
    marks: dict[str, Any] = {}
    for option in field.options():
        coloured = is_status or (option.colour and field.has_rows)
        marks[option.key] = status(option.label, option.colour) if coloured else escape(option.label)
    return lambda key: marks.get(key) or escape(key)


def choices_writer(field: Field) -> Write:
    """Write several keys as marks."""
    marks = {option.key: tag(option) for option in field.options()}
    return lambda keys: Markup(" ").join(marks.get(key) or escape(key) for key in keys)


def relation_writer(field: Field, page: Page) -> Write:
    """Write a related record as a link; one that may not be seen shows nothing."""
    target = registry.find(field.target)

    def write(pk: int) -> Any:
        name = page.name_of(field.target, pk)
        if name is None or target is None:
            return NOTHING
        if target.key in page.unopened:
            return name
        return person(name) if target.key == USERS else linked(target.url(pk), name)

    return write


def relations_writer(field: Field, page: Page) -> Write:
    """Write the first names of several related records, and how many there are beside."""

    def write(pks: list[int]) -> Any:
        names = [name for name in (page.name_of(field.target, pk) for pk in pks) if name]
        text = ", ".join(names[:MOST_NAMES])
        return text + (f" +{len(names) - MOST_NAMES}" if len(names) > MOST_NAMES else "") if names else NOTHING

    return write


def text_writer(field: Field) -> Write:
    """Write a text; addresses, numbers and links as what they open."""
    key = field.type.key
    if key == "email":
        return lambda text: linked(f"mailto:{text}", text)
    if key == "phone":
        return lambda text: linked(f"tel:{text.replace(' ', '')}", written_phone(text))
    if key == "colour":
        return lambda text: Markup('<span class="status plain" style="--color: {}"><span>{}</span></span>').format(
            text, text
        )
    if key == "link":
        return link
    return lambda text: text if len(text) <= LONGEST else shortened(text)


def shortened(text: str) -> Markup:
    """Write the beginning of a long text; all of it shows where one points at it."""
    return Markup('<span title="{}">{}…</span>').format(text[:2000], text[:LONGEST].rstrip())


def link(text: str) -> Any:
    """Write an address of the web; anything else stays text."""
    if not text.lower().startswith(("http://", "https://")):
        return text
    short = text.split("://", 1)[1].removeprefix("www.").rstrip("/")
    return Markup('<a href="{}" target="_blank" rel="noopener noreferrer">{}</a>').format(text, short[:60])


def writer_of(column: Column, page: Page, status_key: str = "") -> Write:
    """Return the function that writes a column's values; nothing is written as a dash."""
    field, category, language = column.field, column.category, get_language() or "en"
    makers: dict[str, Callable[[], Write]] = {
        "text": lambda: text_writer(field),
        "choice": lambda: choice_writer(field, bool(status_key) and column.key == status_key),
        "choices": lambda: choices_writer(field),
        "relation": lambda: relation_writer(field, page),
        "relations": lambda: relations_writer(field, page),
        "money": lambda: lambda money: format_money(money.amount, money.currency, language),
        "number": lambda: number_writer(field, language),
        "date": lambda: lambda day: written_day(day, language),
        "datetime": lambda: moment_writer(language),
        "boolean": boolean_writer,
    }
    write = makers.get(category, lambda: str)()
    return lambda value: NOTHING if value is None or value == "" or value == [] else write(value)


def moment_writer(language: str) -> Write:
    """Write a moment of this year with its time, an earlier one by its day; where one points at it, all of it shows."""
    day = today()

    def write(moment: Any) -> Markup:
        if is_day(moment):
            whole, brief = written_day(moment, language), brief_day(moment, day, language)
            return timed(moment, whole, brief)
        local = timezone.localtime(moment)
        whole, brief = written_moment(local, language), brief_moment(local, day, language)
        return timed(local, whole, brief)

    return write


def timed(value: dt.date, whole: str, brief: str) -> Markup:
    """Write a moment or a day briefly, with all of it for programs and for who points at it."""
    return Markup(f'<time datetime="{value.isoformat()}" title="{escape(whole)}">{escape(brief)}</time>')  # noqa: S704


def number_writer(field: Field, language: str) -> Write:
    """Write a number; ids plainly, percentages with their sign."""
    if field.key == "id":
        return str
    if field.type.key == "percent":
        return lambda value: f"{format_number(value, language)} %"
    return lambda value: format_number(value, language)


def boolean_writer() -> Write:
    """Write yes as a mark with a name, no as nothing."""
    yes, no = _("Yes"), _("No")
    from kanal.web.assets import icon

    mark = Markup(format_html('{}<span class="visually-hidden">{}</span>', icon("check"), yes))  # noqa: S704
    empty = Markup(
        '<span class="none"><span aria-hidden="true">–</span><span class="visually-hidden">{}</span></span>'
    ).format(no)
    return lambda value: mark if value else empty
