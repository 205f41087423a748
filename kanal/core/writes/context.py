"""The record as context for incomplete values: the currency of an amount, the country of a phone number."""

from collections.abc import Callable, Mapping
from typing import Any

from kanal.core import currencies
from kanal.core.entity import Entity
from kanal.core.fields import CleanContext, Field
from kanal.core.fields.code_tables import Countries
from kanal.core.fields.numbers import NoAmount
from kanal.core.fields.types import EMPTY
from kanal.core.writes.currency import currency_of_new
from kanal.kit.money import Money


def in_context(
    entity: Entity, fields: Mapping[str, Field], given: Mapping[str, Any], record: Any, context: CleanContext
) -> dict[str, Any]:
    """Return the values with amounts in the record's currency. Set the record's country for its phone numbers."""
    context.country = country_of(fields, given, record)

    def own(field: Field) -> str:
        known = own_currency(field, given, record)
        return known or (currency_of_new(entity, given, context) if record is None else "")

    return {key: with_currency(fields[key], raw, record, own) if is_money(fields, key) else raw
            for key, raw in given.items()}  # fmt: skip


def is_money(fields: Mapping[str, Field], key: str) -> bool:
    """Return whether a key is a money field."""
    return key in fields and fields[key].type.category == "money"


def country_of(fields: Mapping[str, Field], given: Mapping[str, Any], record: Any) -> str:
    """Return the given country, or the record's, as the default country of phone numbers."""
    key = next((key for key, field in fields.items() if field.table is Countries), "")
    if key not in given:
        return (getattr(record, key, "") if key else getattr(record, "country", "")) or ""
    code = given[key]
    return code if isinstance(code, str) and len(code) == 2 and code.isalpha() and code.isascii() else ""


def with_currency(field: Field, raw: Any, record: Any, own: Callable[[Field], str]) -> Any:
    """Return an amount with a currency: its own, or the record's, which `own` returns if needed."""
    if isinstance(raw, Money | NoAmount) or (not isinstance(raw, Mapping) and raw in EMPTY):
        return raw
    whole = dict(raw) if isinstance(raw, Mapping) else {"amount": raw}
    if not whole.get("currency") and whole.get("amount", "") not in EMPTY and (default_currency := own(field)):
        whole["currency"] = default_currency
    if "amount" not in whole and record is not None and (held := field.get(record)) is not None:
        whole["amount"] = held.amount
    currency = whole.get("currency")
    if whole.get("amount") in EMPTY and not field.is_custom and currency in currencies.in_use():
        return NoAmount(str(currency))
    return whole


def own_currency(field: Field, given: Mapping[str, Any], record: Any) -> str:
    """Return the currency given for the record as a whole, or the current one of its amount."""
    if field.is_custom:
        current = field.get(record) if record is not None else None
        return current.currency if current else getattr(record, "currency", "")
    chosen = given.get(field.currency)
    if isinstance(chosen, str) and chosen:
        return chosen
    return getattr(record, field.currency, "") or "" if record is not None else ""
