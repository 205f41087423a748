"""Derived columns: computed by the app, and money in the main currency."""

from typing import Any

from kanal.core import currencies
from kanal.core.entity import Entity
from kanal.core.fields import Field, fields_of
from kanal.core.writes.currency import settle_currency


def derive(entity: Entity, record: Any, changed: set[str]) -> None:
    """Fill computed columns: those of the app, then money in the main currency if the amount changed."""
    settle_currency(entity, record)
    money = [field for field in fields_of(entity).values() if field.converted]
    before = {field.key: money_of(record, field) for field in money}
    if entity.rules.derive:
        entity.rules.derive(record, changed)
    for field in money:
        amount, currency = money_of(record, field)
        is_other = field.key in changed or before[field.key] != (amount, currency)
        if is_other or (amount is not None and getattr(record, field.converted) is None):
            setattr(record, field.converted, currencies.to_main(amount, currency))


def money_of(record: Any, field: Field) -> tuple[Any, str]:
    """Return amount and currency of the record."""
    return getattr(record, field.column), getattr(record, field.currency)
