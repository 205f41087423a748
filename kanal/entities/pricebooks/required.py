"""The custom fields of quotes required by a price book. Deleted ones are ignored (PB-2)."""

from collections.abc import Mapping
from typing import Any

from kanal.core import registry
from kanal.core.fields import fields_of


def known_fields() -> set[str]:
    """Return the names of the existing custom fields of quotes."""
    entity = registry.find("quotes")
    return {field.name for field in fields_of(entity).values() if field.is_custom} if entity else set()


def required_of(book: Any) -> list[str]:
    """Return the existing fields that a book requires."""
    known = known_fields()
    return [key for key in book.required_quote_fields if key in known]


def missing_in(book: Any, custom: Mapping[str, Any]) -> list[str]:
    """Return the required fields without a value in a quote. False and 0 are values."""
    return [key for key in required_of(book) if custom.get(key) in (None, "", [])]


def gone_from(book: Any) -> list[str]:
    """Return the fields that a book requires but that no longer exist."""
    known = known_fields()
    return [key for key in book.required_quote_fields if key not in known]
