"""Totals maintained by triggers, read instead of the records where they are equal (PERF-7, ACC-7)."""

from typing import Any

from kanal.core import subtotals
from kanal.core.aggregation.plan import Plan
from kanal.core.aggregation.terms import Row
from kanal.core.listing.query import NO_FILTER, ListQuery
from kanal.core.models import ProjectPath
from kanal.core.query import Test, condition


def has_stored_totals(plan: Plan) -> bool:
    """Return whether triggers maintain the requested sums: only status and project filter the list."""
    query, entity = plan.query, plan.query.entity
    if query.text.strip() or query.period or not subtotals.has_subtotals(entity):
        return False
    if query.node != NO_FILTER and not is_of_status(query):
        return False
    if [dimension.field for dimension, _column in plan.dimensions] not in ([], [entity.listing.status]):
        return False
    if plan.distinct or any(term.function != "sum" for term in plan.terms):
        return False
    return set(stored_columns(plan)) <= set(subtotals.summed(entity)) and sees_all(query)


def is_of_status(query: ListQuery) -> bool:
    """Return whether a list is filtered by one condition on the status, which its reader may ask for."""
    node, status = query.node, query.entity.listing.status
    asks = isinstance(node, Test) and node.field == status and node.op in ("any", "none") and bool(node.values)
    return asks and status in query.reader.fields(query.entity)


def statuses_of(query: ListQuery) -> list[int] | None:
    """Return the ids of the statuses that a filter leaves, None for all. Raise QueryError for unknown statuses."""
    if not isinstance(query.node, Test):
        return None
    field = query.reader.fields(query.entity)[query.entity.listing.status]
    ids = {option.key: option.id for option in field.options() if option.id is not None}
    condition(query.node, query.entity, query.reader)  # refuses what isn't a status
    return [pk for key, pk in ids.items() if (key in query.node.values) == (query.node.op == "any")]


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
    left = statuses_of(query)
    statuses = only or None if left is None else [pk for pk in left if not only or pk in only]
    projects = below if query.project else None
    rows = []
    for status, currency, number, *sums in subtotals.read_subtotals(
        query.entity, stored_columns(plan), statuses, projects
    ):
        row: dict[str, Any] = {"records": number, "key_0": status}
        ready = iter(sums)
        for term in plan.terms:
            row |= {term.currency: currency, term.name: next(ready)}
            if term.converted:
                row[term.converted] = next(ready)
        rows.append(row)
    return rows
