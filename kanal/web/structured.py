"""JSON values (conditions, shares, mappings) as readable text, instead of raw JSON on pages."""

from typing import Any

from django.utils.translation import gettext as _

from kanal.core import access, registry
from kanal.core.keys import PARTNERS, USERS
from kanal.core.query import QueryError, format_filter, from_json

NAMED = {"user": USERS, "partner": PARTNERS}


def words(value: Any) -> str:
    """Return a filter as its text, a list as lines, an object by its parts, with names of users and partners."""
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, list):
        return ("; " if any(isinstance(item, dict) for item in value) else ", ").join(words(item) for item in value)
    if isinstance(value, dict):
        return condition(value) or ", ".join(part(key, item) for key, item in value.items() if item not in EMPTY)
    return str(value)


EMPTY: tuple[Any, ...] = (None, "", [], {})


def condition(value: dict[str, Any]) -> str:
    """Return a filter as users type it, or "" for any other object."""
    try:
        return format_filter(from_json(value))
    except (QueryError, KeyError, TypeError, AttributeError, ValueError):
        return ""


def part(key: str, value: Any) -> str:
    """Return a part of an object as text."""
    if key in NAMED and isinstance(value, int):
        return access.display_names(None, registry.get(NAMED[key]), [value]).get(value) or f"#{value}"
    if key == "percent":
        return f"{value} %"
    return f"{key}: {words(value)}"
