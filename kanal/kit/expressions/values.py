"""The types of values in formulas, and conversions between them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext_lazy as _

from kanal.kit.errors import Invalid

MAX_TEXT = 10_000
MAX_LIST = 100_000
_LARGEST = Decimal(10) ** 30


def coerce_value(value: Any) -> Any:
    """Accept an external value: decimal, text, boolean, date, None, or a list of these."""
    if value is None or isinstance(value, (bool, date)):
        return value
    if isinstance(value, Decimal):
        return checked(value)
    if isinstance(value, (int, float)):
        return checked(Decimal(str(value)))
    if isinstance(value, str):
        return short(value)
    if isinstance(value, (list, tuple)):
        if len(value) > MAX_LIST:
            raise Invalid(_("A formula reads at most %(most)s related values.") % {"most": MAX_LIST})
        return [coerce_value(item) for item in value]
    raise Invalid(_("A formula can't read a value of this kind."))


def checked(number: Decimal) -> Decimal:
    """Reject numbers that are infinite, NaN or too large."""
    if not number.is_finite() or abs(number) > _LARGEST:
        raise Invalid(_("A number in the formula is too large."))
    return number


def short(text: str) -> str:
    """Reject texts that are too long."""
    if len(text) > MAX_TEXT:
        raise Invalid(_("A text in the formula is too long."))
    return text


def number(value: Any) -> Decimal:
    """Convert a value to a number. Texts and dates aren't numbers."""
    if isinstance(value, Decimal):
        return value
    raise Invalid(_("“%(value)s” is not a number.") % {"value": text(value)[:40]})


def whole(value: Any, largest: int = 1_000_000) -> int:
    """Convert a value to a whole number of moderate size."""
    given = number(value)
    if given != given.to_integral_value() or abs(given) > largest:
        raise Invalid(_("“%(value)s” is not a whole number in range.") % {"value": text(value)[:40]})
    return int(given)


def to_number(value: Any) -> Decimal | None:
    """Convert a text or boolean to a number if possible."""
    if value is None or value == "":
        return None
    if isinstance(value, bool):
        return Decimal(int(value))
    if isinstance(value, str):
        try:
            return checked(Decimal(value.strip()))
        except InvalidOperation:
            return number(value)
    return number(value)


def text(value: Any) -> str:
    """Convert any value to text. None becomes empty."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(_("yes") if value else _("no"))
    if isinstance(value, Decimal):
        written = f"{value:f}"
        return written.rstrip("0").rstrip(".") if "." in written else written
    if isinstance(value, list):
        return short(", ".join(text(item) for item in value[:MAX_TEXT]))
    return value.isoformat() if isinstance(value, date) else str(value)


def day(value: Any) -> date:
    """Convert a value to a date: the day of a moment, or a text in ISO format."""
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    if isinstance(value, str):
        try:
            return date.fromisoformat(value.strip())
        except ValueError:
            pass
    raise Invalid(_("“%(value)s” is not a date.") % {"value": text(value)[:40]})


def truth(value: Any) -> bool:
    """Return whether a value is true: None, zero, empty text and empty list aren't."""
    return bool(value)


def flat(values: Iterable[Any]) -> list[Any]:
    """Flatten arguments and lists into one list without empty values."""
    items: list[Any] = []
    for value in values:
        if isinstance(value, list):
            items += flat(value)
        elif value is not None and value != "":
            items.append(value)
    return items
