"""The custom fields of quotes that a price book requires; one that is gone blocks nothing (PB-2)."""

from collections.abc import Mapping
from typing import Any

from kanal.core import registry
from kanal.core.fields import fields_of


def known_fields() -> set[str]:
    """Return the names of the custom fields that quotes have now."""
    entity = registry.find("quotes")
    return {field.name for field in fields_of(entity).values() if field.is_custom} if entity else set()


def required_of(book: Any) -> list[str]:
    """Return the fields that a book requires and quotes have."""
    known = known_fields()
    return [key for key in book.required_quote_fields if key in known]


def missing_in(book: Any, custom: Mapping[str, Any]) -> list[str]:
    """Return the required fields that a quote's custom values leave empty; no and nought are answers."""
    return [key for key in required_of(book) if custom.get(key) in (None, "", [])]


def gone_from(book: Any) -> list[str]:
    """Return the fields that a book requires and no quote can have."""
    known = known_fields()
    return [key for key in book.required_quote_fields if key not in known]
