"""Updates amounts in the main currency: open records at today's rates, settled ones at those of their day (QUOTE-6)."""

from typing import Any

from django.db import connection
from django.utils.translation import gettext_lazy as _

from kanal.core import currencies
from kanal.core.entity import Entity
from kanal.core.epoch import catch_up
from kanal.core.fields.registry import native_fields
from kanal.core.jobs import job, periodic

CHUNK = 1000
# By ascending id in batches of a thousand. Only changed rows are written.
RENEW = """
WITH rates AS (SELECT * FROM unnest(%s::text[], %s::numeric[]) AS rates (code, rate)), stale AS MATERIALIZED (
  SELECT record.id, round(record.{amount} * rates.rate, 4) AS fresh FROM {table} record
  LEFT JOIN rates ON rates.code = record.{currency}
  WHERE record.id = ANY(%s) AND record.{converted} IS DISTINCT FROM round(record.{amount} * rates.rate, 4)
  ORDER BY record.id FOR NO KEY UPDATE OF record
)
UPDATE {table} record SET {converted} = stale.fresh FROM stale WHERE record.id = stale.id
"""


def renew_all() -> int:
    """Convert the amounts of all open records again. Return how many changed."""
    from kanal.core import registry

    return sum(
        convert_field(entity, field)
        for entity in registry.all_entities()
        for field in native_fields(entity)
        if field.converted
    )


def convert_field(entity: Entity, field: Any) -> int:
    """Convert one field of a type's open records, each thousand in its own transaction."""
    records = entity.model._default_manager.order_by("pk")
    if entity.rules.settled is not None:
        records = records.exclude(entity.rules.settled)
    rates, last, number = currencies.rates(), 0, 0
    column = {
        model_field.name: connection.ops.quote_name(model_field.column)
        for model_field in entity.model._meta.concrete_fields
    }
    statement = RENEW.format(
        table=connection.ops.quote_name(entity.model._meta.db_table), amount=column[field.column],
        currency=column[field.currency], converted=column[field.converted],
    )  # fmt: skip
    while ids := list(records.filter(pk__gt=last).values_list("pk", flat=True)[:CHUNK]):
        with connection.cursor() as cursor:
            cursor.execute(statement, [list(rates), list(rates.values()), ids])
            number += cursor.rowcount
        last = ids[-1]
    return number


@job("core.renew_conversions", label=_("Amounts at new exchange rates"))
def renew_conversions() -> None:
    """Convert the amounts of open records after a new rate (QUOTE-6)."""
    renew_all()


@periodic("core.renew_conversions_hourly", cron="2 * * * *", label=_("Exchange rates of the day"))
def renew_conversions_hourly(timestamp: int) -> None:
    """Check hourly whether a rate has become valid with the new day."""
    catch_up()
    renew_all()
