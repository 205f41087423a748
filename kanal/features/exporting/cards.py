"""vCards 3.0 of a list of people or companies, supported by every address book (IMP-3, LIST-7)."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

from kanal.core.entity import Entity
from kanal.core.listing import Column, Page, columns_of
from kanal.features.exporting.rows import ExportRows
from kanal.kit.contentlines import escaped, folded, structured

# The fields of a card. A type with the first three of them consists of people.
NEEDED = ("first_name", "last_name", "email")
KEYS = (
    *NEEDED, "title", "job_title", "organization", "company", "account", "phone", "mobile", "website", "street", "city",
    "region", "postcode", "country", "birthday", "description", "comment",
)  # fmt: skip


def are_people(entity: Entity) -> bool:
    """Return whether a type's records are people or companies."""
    return {*NEEDED} <= {column.name for column in entity.model._meta.get_fields()}


def cards(rows: ExportRows) -> Iterator[str]:
    """Yield the cards of a list, one per record. A card has its own fields, regardless of the list's columns."""
    columns = columns_of(rows.query.entity, KEYS, rows.query.reader)
    countries = country_names(columns)
    for page in rows.pages(columns):
        for row in page.rows:
            yield card_of(record_texts(columns, page, row.values, countries))


def country_names(columns: list[Column]) -> dict[str, str]:
    """Return the country names by code."""
    column = next((other for other in columns if other.key == "country"), None)
    return {option.key: str(option.label) for option in column.field.options()} if column else {}


def record_texts(
    columns: list[Column], page: Page, values: dict[str, Any], countries: dict[str, str]
) -> dict[str, str]:
    """Return a record's texts by field, empty for invisible related records."""
    texts: dict[str, str] = {}
    for column in columns:
        value = values[column.key]
        if value in (None, ""):
            continue
        if column.category == "relation":
            value = page.name_of(column.field.target, value) or ""
        if column.key == "country":
            value = countries.get(value, value)
        texts[column.key] = value.isoformat() if isinstance(value, dt.date) else str(value)
    return texts


def card_of(texts: dict[str, str]) -> str:
    """Return the card for the texts of the fields."""
    say = texts.get
    company = say("organization") or say("company") or say("account") or ""
    person = " ".join(filter(None, (say("first_name"), say("last_name"))))
    lines = [
        ("FN", escaped(person or company)),
        ("N", structured(say("last_name"), say("first_name"), "", say("title"))),
    ]
    if not person:
        lines = [("FN", escaped(company)), ("N", structured("", "", "", "", "")), ("X-ABShowAs", "COMPANY")]
    place = [say(key) for key in ("street", "city", "region", "postcode", "country")]
    lines += [
        ("ORG", structured(company) if company else ""),
        ("TITLE", escaped(say("job_title"))),
        ("EMAIL;TYPE=INTERNET", escaped(say("email"))),
        ("TEL;TYPE=WORK,VOICE", escaped(say("phone"))),
        ("TEL;TYPE=CELL", escaped(say("mobile"))),
        ("ADR;TYPE=WORK", structured("", "", *place) if any(place) else ""),
        ("URL", escaped(say("website"))),
        ("BDAY", say("birthday") or ""),
        ("NOTE", escaped(say("description") or say("comment"))),
    ]
    body = [folded(f"{name}:{value}") for name, value in lines if value]
    return "\r\n".join(["BEGIN:VCARD", "VERSION:3.0", *body, "END:VCARD", ""])
