"""Totals of a list's number columns and counts and sums per group, each by one query (LIST-1)."""

import datetime as dt
import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db.models import Count, F, Q, QuerySet, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone

from kanal.core import currencies, subtotals
from kanal.core.listing.columns import Column
from kanal.core.listing.count import MANY, expected
from kanal.core.listing.query import EVERYTHING, ListQuery, records_of
from kanal.core.models import ProjectPath
from kanal.core.query import FilterContext
from kanal.core.query.expressions import AsNumber, KeyTextTransform, LocalDay, raw, raw_json
from kanal.core.query.relations import as_seen
from kanal.kit import zones

NOT_SUMMED = ("percent",)


@dataclass
class Total:
    """The sum of one column: a number, or money per currency and converted to the main one.

    Amounts whose type keeps no converted column, those of custom fields among them, are converted at today's rate.
    """

    number: Decimal | None = None
    by_currency: dict[str, Decimal] = field(default_factory=dict)
    converted: Decimal | None = None


@dataclass
class Group:
    """The records that have one value of the column grouped by."""

    value: Any = None
    count: int = 0
    totals: dict[str, Total] = field(default_factory=dict)


def is_summed(column: Column) -> bool:
    """Return whether a column has a total."""
    if column.via or column.field.mask or column.field.type.key in NOT_SUMMED or column.key == "id":
        return False
    return column.is_numeric


def summarize(
    ask: ListQuery, columns: Sequence[Column], group: Column | None = None, values: Iterable[Any] = ()
) -> list[Group]:
    """Sum up a list as a whole, or per group; `values` (see `group_key`) limits the groups to those on a page."""
    summed = [column for column in columns if is_summed(column)]
    records = records_of(ask)
    keys: dict[str, Any] = {}
    if group is not None:
        values = list(values)
        keys["group_value"] = group_expression(group, ask.reader, values)
        records = records.annotate(group_value=keys["group_value"]).filter(among(values))
    money = [column for column in summed if column.category == "money"]
    for place, column in enumerate(money):
        keys[f"currency_{place}"] = currency_of(column)
    if are_kept(ask, summed, group):
        rows = kept(ask, summed, money, group, values)
    else:
        rows = aggregated(records, keys, summed)
    groups_by_value: dict[Any, Group] = defaultdict(Group)
    for row in rows:
        add(groups_by_value[row.get("group_value")], row, summed, money)
    for value, subtotal in groups_by_value.items():
        subtotal.value = value
        convert(subtotal, money)
    return list(groups_by_value.values())


def convert(group: Group, money: Iterable[Column]) -> None:
    """Convert the sums of columns that keep no converted amount; none where a rate is missing for a part of them."""
    for column in money:
        total = group.totals.get(column.key)
        if column.field.converted or total is None or not total.by_currency:
            continue
        parts = [currencies.to_main(amount, code or "") for code, amount in total.by_currency.items()]
        total.converted = sum(filter(None, parts), Decimal(0)) if None not in parts else None


def takes_long(
    ask: ListQuery, columns: Sequence[Column], group: Column | None = None, number: int | None = None
) -> bool:
    """Return whether the sums read thousands of records (`number`, if known) and should be loaded later."""
    summed = [column for column in columns if is_summed(column)]
    return not are_kept(ask, summed, group) and (expected(ask) if number is None else number) > MANY


def are_kept(ask: ListQuery, summed: list[Column], group: Column | None) -> bool:
    """Return whether triggers have added up what is asked; not where more narrows the list than status and project."""
    if ask.text.strip() or ask.node != EVERYTHING or not subtotals.has_subtotals(ask.entity):
        return False
    if group is not None and (group.via or group.key != ask.entity.listing.status):
        return False
    return set(names_of(summed)) <= set(subtotals.summed(ask.entity)) and sees_all(ask)


def names_of(summed: list[Column]) -> list[str]:
    """Name the columns of the table that are summed."""
    return [name for column in summed for name in (column.field.column, column.field.converted) if name]


def kept(
    ask: ListQuery, summed: list[Column], money: list[Column], group: Column | None, values: Iterable[Any]
) -> list[dict]:
    """Return what the triggers have added up."""
    entity, names = ask.entity, names_of(summed)
    below = ProjectPath.objects.filter(ancestor_id=ask.project).values_list("descendant_id", flat=True)
    statuses = [value for value in values if value is not None] or None
    rows = []
    for status, currency, number, *sums in subtotals.read(entity, names, statuses, below if ask.project else None):
        row = {"group_value": status if group else None, "count": number}
        row |= {f"currency_{place}": currency for place in range(len(money))}
        ready = iter(sums)
        for place, column in enumerate(summed):
            row[f"sum_{place}"] = next(ready)
            row[f"converted_{place}"] = next(ready) if column.field.converted else None
        rows.append(row)
    return rows


def sees_all(ask: ListQuery) -> bool:
    """Return whether no record of the type is held back from the reader."""
    from kanal.core.access.queryset import condition_for

    return ask.user is None or condition_for(ask.user, ask.entity) is None


def group_expression(group: Column, reader: FilterContext, values: Iterable[Any] = ()) -> Any:
    """Return what a list is grouped by: a column, moments by the reader's day, nothing where a relation is hidden.

    `values`, if given, are the only groups that are asked for.
    """
    own, prefix = group.field, f"{group.via.column}__" if group.via else ""
    value = raw(own, prefix) if own.is_custom else F(f"{prefix}{own.columns()[0]}")
    if own.type.category == "datetime":
        value = LocalDay(value, reader.zone, zones.span_of(day for day in values if day is not None))
        value = Coalesce(F(f"{prefix}{own.day}"), value) if own.day else value
    if own.type.category == "relation" and own.key != "id":
        value = as_seen(value, own, reader, prefix)
    return as_seen(value, group.via, reader) if group.via else value


def group_key(group: Column, value: Any) -> Any:
    """Turn a value as a page holds it into what the database groups by."""
    field = group.field
    if value is None or value == "":
        return None if field.is_custom or value is None else ""
    if field.type.category == "datetime":
        return timezone.localdate(value) if isinstance(value, dt.datetime) else value
    if field.is_custom:
        dumped = field.dump(value)
        return dumped if isinstance(dumped, str) else json.dumps(dumped)
    if field.has_rows:
        row = field.table.by_key(value, field.group)
        return row.pk if row else None
    return value.amount if field.type.category == "money" else value


def among(values: Iterable[Any]) -> Q:
    """Return the groups of these values alone; none named: all."""
    wanted = list(values)
    if not wanted:
        return Q()
    condition = Q(group_value__in=[value for value in wanted if value is not None])
    return condition | Q(group_value__isnull=True) if None in wanted else condition


def currency_of(column: Column) -> Any:
    """Return the currency of a money column."""
    if column.field.is_custom:
        return KeyTextTransform("currency", raw_json(column.field))
    return F(column.field.currency)


def amount_of(column: Column) -> Any:
    """Return the amount that a column sums."""
    field = column.field
    if not field.is_custom:
        return F(field.column)
    return AsNumber(KeyTextTransform("amount", raw_json(field)) if column.category == "money" else raw(field))


def aggregated(records: QuerySet, keys: dict[str, Any], summed: list[Column]) -> list[dict]:
    """Run the one query: counts and sums per group and currency."""
    sums: dict[str, Any] = {"count": Count("pk")}
    for place, column in enumerate(summed):
        sums[f"sum_{place}"] = Sum(amount_of(column))
        if column.field.converted:
            sums[f"converted_{place}"] = Sum(F(column.field.converted))
    if not keys:
        return [records.aggregate(**sums)]
    fresh = {name: expression for name, expression in keys.items() if name != "group_value"}
    return list(records.annotate(**fresh).order_by().values(*keys).annotate(**sums))


def add(group: Group, row: dict, summed: list[Column], money: list[Column]) -> None:
    """Add one row of sums to its group."""
    group.count += row["count"]
    for place, column in enumerate(summed):
        total, amount = group.totals.setdefault(column.key, Total()), row[f"sum_{place}"]
        if amount is None:
            continue
        if column.category != "money":
            total.number = (total.number or Decimal(0)) + Decimal(amount)
            continue
        currency = row[f"currency_{money.index(column)}"]
        total.by_currency[currency] = total.by_currency.get(currency, Decimal(0)) + amount
        converted = row.get(f"converted_{place}")
        if converted is not None:
            total.converted = (total.converted or Decimal(0)) + converted
