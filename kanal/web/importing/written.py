"""Formatting of values on an import's page."""

from collections.abc import Iterable, Mapping
from typing import Any

from kanal.core import access, currencies
from kanal.core.fields import Field
from kanal.web import display

Titles = Mapping[str, Mapping[int, str]]


def format_raw_value(field: Field, value: Any, titles: Titles | None = None) -> str:
    """Return a raw or serialized field value as text."""
    category = field.type.category
    if value in (None, "", []):
        return ""
    if category in ("relation", "relations"):
        names = (titles or {}).get(field.target, {})
        return ", ".join(names.get(pk, f"#{pk}") for pk in as_list(value))
    if category == "money":
        value = {"amount": value["amount"], "currency": value.get("currency") or currencies.main()}
    return display.format_value(field, as_list(value) if category == "choices" else value)


def as_list(value: Any) -> list[Any]:
    """Return a list of values unchanged, and a single value as a list."""
    return value if isinstance(value, list) else [value]


def titles_for(user: Any, fields: Mapping[str, Field], values: Iterable[tuple[str, Any]]) -> Titles:
    """Return the names of related records by type, in one query each."""
    related = ((fields[key], value) for key, value in values if key in fields and fields[key].target and value)
    return access.names_by_type(user, ((field.target, as_list(value)) for field, value in related))
