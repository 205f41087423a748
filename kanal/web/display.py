"""How a field's value is shown to people outside lists: as text, and as facts of a record's page."""

import dataclasses
import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.template.defaultfilters import linebreaksbr
from django.utils import timezone
from django.utils.translation import gettext as _
from markupsafe import Markup, escape

from kanal.core import access, registry
from kanal.core.fields import Field
from kanal.core.fields.field import is_hidden_on
from kanal.core.fields.m2m import links_of
from kanal.core.history.reading import as_ids
from kanal.kit.money import Money
from kanal.kit.numbers import format_money, format_number
from kanal.kit.phones import written_phone
from kanal.kit.writing import written_day, written_moment
from kanal.web import structured
from kanal.web.lists.renderers import NOTHING, link, linked, status
from kanal.web.widgets_io import language

WIDE = ("long_text", "json")


@dataclass(frozen=True)
class Link:
    """A record that a value points at; without an address where the reader may not open it, nor name it."""

    label: str
    url: str = ""
    is_named: bool = True

    @property
    def html(self) -> Markup:
        """Mark the record's name up."""
        if self.url:
            return linked(self.url, self.label)
        return escape(self.label) if self.is_named else spanned("none", self.label)


@dataclass
class Fact:
    """One field of a record as its page shows it: text, links to records, or a coloured option."""

    field: Field
    text: str = ""
    href: str = ""
    colour: str = ""
    links: list[Link] = dataclasses.field(default_factory=list)

    @property
    def label(self) -> str:
        """Return the label as people read it."""
        return str(self.field.label)

    @property
    def is_wide(self) -> bool:
        """Return whether the value takes the whole width."""
        return self.field.type.key in WIDE and len(self.text) > 60

    @property
    def is_number(self) -> bool:
        """Return whether the value is one to compare."""
        return self.field.type.category in ("number", "money")

    @property
    def html(self) -> Markup | str:
        """Mark the value up; in Python, since a page shows dozens of them. A text that is not marked up is not safe."""
        if self.links:
            return Markup(", ").join(record_link.html for record_link in self.links)
        if not self.text:
            return NOTHING
        if self.colour:
            return status(self.text, self.colour)
        if self.href:
            return link(self.text) if self.field.type.key == "link" else linked(self.href, self.text)
        if self.is_number:
            return spanned("num", self.text)
        return linebreaksbr(self.text) if self.field.type.key == "long_text" else self.text


def spanned(css: str, text: str) -> Markup:
    """Write a text of a certain look."""
    return Markup(f'<span class="{css}">{escape(text)}</span>')  # noqa: S704 - escaped


def text_of(field: Field, value: Any) -> str:
    """Write a value (or its JSON form) as text in the reader's language; records by their id."""
    if value is None or value == "" or value == []:
        return ""
    category = field.type.category
    if category == "choice":
        return label_of(field, value)
    if category == "choices":
        return ", ".join(label_of(field, key) for key in value)
    if category == "boolean":
        return _("Yes") if value else _("No")
    return plain(field, value)


def titles_for(user: Any, pairs: Iterable[tuple[Field, Any]]) -> dict[tuple[str, int], str]:
    """Name the records that values of the history point at, by one query per type: {(type, id): name}."""
    names = access.names_by_type(user, ((field.target, as_ids(value)) for field, value in pairs if field.target))
    return {(target, pk): name for target, by_id in names.items() for pk, name in by_id.items()}


def told(field: Field, value: Any, titles: dict[tuple[str, int], str]) -> str:
    """Write a value of the history, records by their names as far as the reader may see them."""
    if not field.target:
        return text_of(field, value)
    return ", ".join(titles.get((field.target, pk), f"#{pk}") for pk in as_ids(value))


def label_of(field: Field, key: Any) -> str:
    """Return an option's label; of a row the history knows by its id."""
    for option in field.options():
        if option.key == key or (field.has_rows and option.id == key):
            return str(option.label)
    return str(key)


def plain(field: Field, value: Any) -> str:
    """Write a number, an amount, a date or a text."""
    if isinstance(value, Money):
        return format_money(value.amount, value.currency, language())
    if isinstance(value, dict) and set(value) == {"amount", "currency"}:
        return format_money(Decimal(str(value["amount"])), value["currency"], language())
    if isinstance(value, list | dict):
        return structured.words(value)
    if field.type.category in ("number", "money"):
        text = format_number(Decimal(str(value)), language())
        return f"{text} %" if field.type.key == "percent" else text
    if field.type.category in ("date", "datetime"):
        return when(value)
    return str(value)


def when(value: Any) -> str:
    """Write a date or a moment in the reader's language and time zone."""
    if isinstance(value, str):
        value = dt.datetime.fromisoformat(value) if "T" in value or " " in value else dt.date.fromisoformat(value)
    if isinstance(value, dt.datetime):
        local = timezone.localtime(value) if timezone.is_aware(value) else value
        return written_moment(local, language())
    return written_day(value, language())


def facts_of(user: Any, record: Any, fields: Iterable[Field]) -> dict[str, Fact]:
    """Return the facts of a record by key; what relations point at is named by one query per type."""
    fields = [field for field in fields if not is_hidden_on(field, record)]
    facts, pointed, links = {}, [], links_of(record, fields)
    for field in fields:
        value = links[field.key] if field.key in links else field.get(record)
        fact = Fact(field)
        if field.type.category in ("relation", "relations"):
            ids = value if isinstance(value, list) else [value] if value else []
            pointed.append((fact, ids))
        else:
            fill(fact, value)
        facts[field.key] = fact
    name_links(user, pointed)
    return facts


def fill(fact: Fact, value: Any) -> None:
    """Put the text of a value into a fact, with what it leads to."""
    fact.text = text_of(fact.field, value)
    if not fact.text:
        return
    key = fact.field.type.key
    if key == "email":
        fact.href = f"mailto:{fact.text}"
    elif key == "phone":
        fact.href = "tel:" + "".join(fact.text.split())
        fact.text = written_phone(fact.text)
    elif key == "link":
        fact.href = fact.text
    elif key == "choice":
        fact.colour = next((option.colour for option in fact.field.options() if option.key == value), "")
    elif key == "colour":
        fact.colour = fact.text


def name_links(user: Any, pointed: list[tuple[Fact, list[int]]]) -> None:
    """Name what relations point at, as far as the user may see it (ACC-5)."""
    titles = access.names_by_type(user, ((fact.field.target, ids) for fact, ids in pointed))
    for fact, ids in pointed:
        entity = registry.find(fact.field.target)
        names = titles.get(fact.field.target, {})
        has_page = entity is not None and access.may_open(user, entity)
        for pk in ids:
            if entity and pk in names:
                fact.links.append(Link(names[pk], entity.url(pk) if has_page else ""))
            else:
                fact.links.append(Link(_("(not visible to you)"), is_named=False))
