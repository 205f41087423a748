"""Totals maintained by triggers, read instead of the records where they are equal (PERF-7, ACC-7)."""

from typing import Any

from kanal.core import subtotals
from kanal.core.aggregation.plan import Plan
from kanal.core.aggregation.terms import Row
from kanal.core.listing.query import NO_FILTER, ListQuery
from kanal.core.models import ProjectPath


def has_stored_totals(plan: Plan) -> bool:
    """Return whether triggers maintain the requested sums: only status and project filter the list."""
    query, entity = plan.query, plan.query.entity
    if query.text.strip() or query.node != NO_FILTER or query.period or not subtotals.has_subtotals(entity):
        return False
    if [dimension.field for dimension, _column in plan.dimensions] not in ([], [entity.listing.status]):
        return False
    if plan.distinct or any(term.function != "sum" for term in plan.terms):
        return False
    return set(stored_columns(plan)) <= set(subtotals.summed(entity)) and sees_all(query)


def sees_all(query: ListQuery) -> bool:
    """Return whether no record of the type is hidden from the reader."""
    from kanal.core.access.queryset import condition_for

    return query.user is None or condition_for(query.user, query.entity) is None


def stored_columns(plan: Plan) -> list[str]:
    """Return the names of the summed columns of the table."""
    fields = [term.column.field for term in plan.terms]
    return [name for field in fields for name in (field.column, field.converted) if name]


def stored_rows(plan: Plan) -> list[Row]:
    """Return the same rows as the statement over the records."""
    query = plan.query
    below = ProjectPath.objects.filter(ancestor_id=query.project).values_list("descendant_id", flat=True)
    only = [key for dimension, _column in plan.dimensions for key in dimension.only if key is not None]
    projects = below if query.project else None
    rows = []
    for status, currency, number, *sums in subtotals.read_subtotals(
        query.entity, stored_columns(plan), only or None, projects
    ):
        row: dict[str, Any] = {"records": number, "key_0": status}
        ready = iter(sums)
        for term in plan.terms:
            row |= {term.currency: currency, term.name: next(ready)}
            if term.converted:
                row[term.converted] = next(ready)
        rows.append(row)
    return rows
