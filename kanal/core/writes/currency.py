"""The currency of a new record: of the record it depends on, the usual one of a country, or the main one (QUOTE-1)."""

from collections.abc import Mapping
from typing import Any

from kanal.core import currencies
from kanal.core.entity import Entity
from kanal.core.fields import CleanContext, Field, fields_of
from kanal.core.fields.code_tables import Countries


def settle_currency(entity: Entity, record: Any) -> None:
    """Set the currency of a new record from the record it depends on, unless chosen."""
    if record.pk is not None or not entity.rules.currency_from:
        return
    columns = {field.currency for field in fields_of(entity).values() if field.currency and not field.is_custom}
    for column in columns:
        if not getattr(record, column):
            setattr(record, column, currency_of(entity, record))


def currency_of(entity: Entity, record: Any) -> str:
    """Return the currency of a record: its own, that of the record it depends on, or the main one."""
    return told_by_record(entity, record) or currencies.main()


def told_by_record(entity: Entity | None, record: Any) -> str:
    """Return the currency of a record itself, of its country, or of the record it depends on."""
    if own := getattr(record, "currency", ""):
        return str(own)
    if country := getattr(record, "country", ""):
        return currencies.of_country(country)
    for key in entity.rules.currency_from if entity else ():
        if (related := getattr(record, key)) is not None and (currency := told_by_related(related)):
            return currency
    return ""


def told_by_related(record: Any) -> str:
    """Return the currency of a related record."""
    from kanal.core import registry

    return told_by_record(registry.of(record), record)


def currency_of_new(entity: Entity, given: Mapping[str, Any], context: CleanContext) -> str:
    """Return the currency of a new record's amounts, based on its raw values."""
    fields = fields_of(entity)
    for key in entity.rules.currency_from:
        raw = getattr(given.get(key), "pk", given.get(key))
        if raw not in (None, "") and (currency := told_by_value(fields[key], raw, context)):
            return currency
    return currencies.main()


def told_by_value(field: Field, raw: Any, context: CleanContext) -> str:
    """Return the currency of a country, or of a record by id, or an empty text if there is none."""
    if field.table is Countries:
        return currencies.of_country(raw) if isinstance(raw, str) else ""
    text = str(raw)
    if not (text.isascii() and text.isdigit() and len(text) < 19):
        return ""
    return str(
        context.once(("currency", field.target, int(text)), lambda: told_by_id(field.target, int(text), context.user))
    )


def told_by_id(target: str, pk: int, user: Any) -> str:
    """Return the currency of a record if visible to the user."""
    from kanal.core import access, registry

    entity = registry.get(target)
    records = entity.model._default_manager if user is None else access.visible_to(user, entity)
    record = records.filter(pk=pk).first()
    return told_by_record(entity, record) if record is not None else ""
