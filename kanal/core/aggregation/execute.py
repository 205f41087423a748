"""Runs an aggregation with one statement. Only distinct values beside money require a second one."""

from collections import defaultdict
from typing import Any

from django.db.models import Count

from kanal.core import currencies
from kanal.core.aggregation.definition import Aggregation, Measure
from kanal.core.aggregation.dimensions import among, dimension_expression
from kanal.core.aggregation.plan import Plan, distinct_name, plan_of
from kanal.core.aggregation.result import AggregationResult, Group, Key, Measurement
from kanal.core.aggregation.stored import has_stored_totals, stored_rows
from kanal.core.aggregation.terms import Row, quotient
from kanal.core.listing.count import MANY, expected
from kanal.core.listing.query import records_of


def aggregate(aggregation: Aggregation) -> AggregationResult:
    """Return the measures of an aggregation per group, of the records visible to its reader.

    Omit measures of fields hidden from the reader. Raise QueryError for an invalid filter, a hidden dimension, and
    a field that can't be measured or grouped by.
    """
    plan = plan_of(aggregation)
    rows, distinct = read_rows(plan)
    groups = tuple(
        Group(
            key,
            sum(row["records"] for row in part),
            {measure: measurement(plan, measure, part, distinct[key]) for measure in plan.measures},
        )
        for key, part in rows.items()
    )
    return AggregationResult(tuple(plan.measures), aggregation.dimensions, groups, currencies.main())


def takes_long(aggregation: Aggregation, number: int | None = None) -> bool:
    """Return whether thousands of records are read (`number`, if known), so that a page should load it later."""
    if has_stored_totals(plan_of(aggregation)):
        return False
    return (expected(aggregation.query) if number is None else number) > MANY


def measurement(plan: Plan, measure: Measure, rows: list[Row], distinct: Row) -> Measurement:
    """Return the value of one measure of a group."""
    if measure.function == "count":
        return Measurement(sum(row["records"] for row in rows))
    if measure.function == "distinct":
        return Measurement(distinct.get(distinct_name(measure), 0))
    parts = [term.measurement(rows) for term in plan.measures[measure]]
    return quotient(*parts) if measure.function == "ratio" else parts[0]


def read_rows(plan: Plan) -> tuple[dict[Key, list[Row]], dict[Key, Row]]:
    """Return the rows of each group, one per currency, and the row with the counts of distinct values."""
    together: dict[str, Any] = {"records": Count("pk"), **({} if plan.currencies else plan.distinct)}
    for term in plan.terms:
        together |= term.aggregates()
    rows = stored_rows(plan) if has_stored_totals(plan) else run_statement(plan, plan.currencies, together)
    apart = run_statement(plan, {}, plan.distinct) if plan.currencies and plan.distinct else rows
    groups: dict[Key, list[Row]] = defaultdict(list)
    if not plan.dimensions:
        groups[()] = []
    for row in rows:
        groups[key_of(plan, row)].append(row)
    return groups, defaultdict(dict, {key_of(plan, row): row for row in apart})


def key_of(plan: Plan, row: Row) -> Key:
    """Return the keys of a row's group."""
    return tuple(row[f"key_{place}"] for place in range(len(plan.dimensions)))


def run_statement(plan: Plan, money: dict[str, Any], aggregates: dict[str, Any]) -> list[Row]:
    """Run one statement over the records, grouped by the dimensions and some currencies."""
    records, keys = records_of(plan.query), []
    for place, (dimension, column) in enumerate(plan.dimensions):
        keys.append(f"key_{place}")
        records = records.annotate(**{keys[-1]: dimension_expression(dimension, column, plan.reader)})
        records = records.filter(among(keys[-1], dimension.only))
    if not keys and not money:
        return [records.aggregate(**aggregates)]
    return list(records.annotate(**money).order_by().values(*keys, *money).annotate(**aggregates))
