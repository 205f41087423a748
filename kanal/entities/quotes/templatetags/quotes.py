"""Filters for amounts and for labels in the items table."""

from decimal import Decimal
from typing import Any

from django import template

from kanal.kit.numbers import format_money
from kanal.web.fieldtypes.presenter import language

register = template.Library()


@register.filter
def money(amount: Decimal | None, currency: str) -> str:
    """Format an amount with its currency in the reader's language."""
    return "" if amount is None else format_money(Decimal(amount), currency, language())


@register.filter
def unit_label(row: Any, table: Any) -> str:
    """Return the label of a row's unit."""
    return dict(table.units).get(row.values.get("unit"), "")


@register.filter
def recurrence_label(row: Any, table: Any) -> str:
    """Return the label of a row's recurrence, if it has one."""
    key = row.values.get("recurrence")
    return "" if key == "one_off" else dict(table.recurrences).get(key, "")
