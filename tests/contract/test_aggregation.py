"""Every type can be counted, grouped and summed up for every user as its list shows it (LIST-1, ACC-7, DASH-4)."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest

from kanal.core import listing, registry
from kanal.core.access import visible_to
from kanal.core.aggregation import Aggregation, Dimension, Measure, aggregate, group_key
from kanal.core.aggregation.columns import is_measured, is_summed
from kanal.core.entity import Entity
from kanal.core.fields import fields_of
from kanal.core.listing import ListQuery
from kanal.kit import dates
from tests.contract.test_complements import sparse

__all__ = ["sparse"]
READERS = ("administrator", "director", "representative", "read-only", "owner", "partner", "stranger")


def queries(world: Any) -> Iterator[ListQuery]:
    """Ask for all records of every type as every sort of user."""
    for entity in registry.all_entities():
        for name in READERS:
            yield ListQuery(entity, world.users[name])


def columns_of(query: ListQuery) -> list[listing.Column]:
    """Return all columns that the reader sees."""
    return listing.columns_of(query.entity, fields_of(query.entity), query.reader, most=None)


def rows_of(query: ListQuery) -> list[dict[str, Any]]:
    """Read all rows of a list, as far as what they relate to may be seen."""
    columns = columns_of(query)
    return [
        {column.key: page.group_value(column, row) for column in columns}
        for page in listing.stream(query, columns)
        for row in page.rows
    ]


def test_every_type_is_counted_and_its_numbers_are_summed_up(sparse: Any) -> None:
    """ACC-7: each type × count, each numeric and money field × sum, minimum, maximum, for every user."""
    summed = set()
    for query in queries(sparse):
        rows, columns = rows_of(query), columns_of(query)
        measures = [Measure()]
        for column in columns:
            measures += [Measure("sum", column.key)] if is_summed(column) else []
            measures += [Measure(function, column.key) for function in ("minimum", "maximum") if is_measured(column)]
        result = aggregate(Aggregation(query, tuple(measures)))
        assert result.whole.count == result.whole.values[Measure()].number == len(rows)
        for measure in result.measures[1:]:
            join = {"sum": sum, "minimum": min, "maximum": max}[measure.function]
            values = [row[measure.field] for row in rows if row[measure.field] is not None]
            assert amounts(result.whole.values[measure]) == by_currency(values, join), (query.entity.key, measure)
            summed |= {(query.entity.key, measure.field)} if values else set()
        assert len(result.measures) == len(measures)
    assert len(summed) > 40


def amounts(measurement: Any) -> dict[str, Decimal]:
    """Return what a measure comes to by currency; of a number without any."""
    return dict(measurement.by_currency) if measurement.number is None else {"": Decimal(measurement.number)}


def by_currency(values: list[Any], join: Any) -> dict[str, Decimal]:
    """Join amounts of each currency."""
    parts: dict[str, list[Decimal]] = {}
    for value in values:
        parts.setdefault(getattr(value, "currency", ""), []).append(Decimal(getattr(value, "amount", value)))
    return {currency: join(part) for currency, part in parts.items()}


def test_every_type_is_grouped_by_every_field_and_period(sparse: Any) -> None:
    """DASH-4: the groups of each field, and of each date the days, weeks … years, hold all records."""
    grouped = 0
    for query in queries(sparse):
        rows = rows_of(query)
        for column in columns_of(query):
            if not column.is_sortable:
                continue
            buckets = ("", *dates.UNITS) if column.category in ("date", "datetime") else ("",)
            for bucket in buckets[:: 1 if query.user.username == "administrator" else 3]:
                groups = aggregate(Aggregation(query, (), (Dimension(column.key, bucket),))).by_key()
                assert sum(group.count for group in groups.values()) == len(rows), (
                    query.entity.key,
                    column.key,
                    bucket,
                )
                if not bucket:
                    assert set(groups) == keys_of(query, column, rows), (query.entity.key, column.key)
                grouped += len(groups)
    assert grouped > 1000


def keys_of(query: ListQuery, column: listing.Column, rows: list[dict[str, Any]]) -> set[Any]:
    """Return the keys of the groups of some rows; None for a record that the reader may not open, even if named."""
    keys = {group_key(column, row[column.key]) for row in rows}
    if column.category != "relation" or column.key == "id":
        return keys
    target = registry.get(column.field.target)
    opened = {
        str(pk) if column.field.is_custom else pk for pk in visible_to(query.user, target).values_list("pk", flat=True)
    }
    return {key if key in opened else None for key in keys}


@pytest.mark.parametrize("key", registry.keys())
def test_every_type_is_counted_by_a_date(db: None, key: str) -> None:
    """DASH-5: `Listing.period` names a date or moment of the type."""
    entity: Entity = registry.get(key)
    assert fields_of(entity)[entity.listing.period].type.category in ("date", "datetime")
