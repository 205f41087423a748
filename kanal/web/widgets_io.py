"""Between the text in a control and a field's value, both ways."""

import datetime as dt
import json
from decimal import Decimal
from typing import Any

from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import get_language

from kanal.core.fields import Field
from kanal.kit.numbers import format_number, parse_decimal

FALSE = {"", "false", "0", "no", "off"}


def is_given(text: str | None) -> bool:
    """Return whether a checkbox came with a form."""
    return text is not None and text.lower() not in FALSE


def language() -> str:
    """Return the language in which numbers are written."""
    return get_language() or "en"


def as_text(field: Field, value: Any) -> str:
    """Write a value as its control holds it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else ""
    if isinstance(value, dt.datetime):
        local = timezone.localtime(value) if timezone.is_aware(value) else value
        return local.strftime("%Y-%m-%dT%H:%M")
    if isinstance(value, dt.date):
        return f"{value.isoformat()}T00:00" if field.type.category == "datetime" else value.isoformat()
    if field.type.category in ("number", "money"):
        return plain_number(value)
    if field.type.category == "json":
        return json.dumps(value, ensure_ascii=False, indent=2)
    return str(getattr(value, "pk", value))


def plain_number(value: Decimal | int) -> str:
    """Write a number in the user's language without marks between thousands, ready to be changed."""
    text = format_number(value, language())
    for mark in ("\u00a0", "\u202f", " ", "’", "'"):
        text = text.replace(mark, "")
    return text.replace(",", "") if language().startswith("en") else text.replace(".", "")


def raw_of(field: Field, posted: QueryDict, name: str) -> Any:
    """Read a control's text as a raw value for the write path; raise Invalid where a number can't be read."""
    category = field.type.category
    if category == "boolean":
        return is_given(posted.get(name))
    if category in ("choices", "relations"):
        return [text for text in posted.getlist(name) if text]
    text = posted.get(name, "").strip()
    if category == "money":
        amount = parse_decimal(text, language()) if text else None
        return {"amount": amount, "currency": posted.get(f"{name}_currency", "")}
    if category == "number":
        return parse_decimal(text, language()) if text else None
    return text or None
