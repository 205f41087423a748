"""The conditions of a filter: parsed from JSON or text, and applied to leads."""

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet

from kanal.core import query, registry
from kanal.core.query.tree import Node
from kanal.entities.leads.models import Lead
from kanal.entities.splitter.models import SplitterFilter


def parse_conditions(raw: Any) -> Node:
    """Parse conditions in JSON form, or as text in a string or {"text": …}. Raise QueryError if they're invalid."""
    if isinstance(raw, dict) and set(raw) == {"text"}:
        raw = raw["text"]
    return query.parse(raw) if isinstance(raw, str) else query.from_json(raw or {})


def format_conditions(row: SplitterFilter) -> str:
    """Return a filter's conditions as text."""
    return query.format_filter(parse_conditions(row.conditions))


def compiled(node: Node) -> Any:
    """Compile conditions to a database query. Raise QueryError if they're invalid for leads.

    Dates are those of the company, so that a lead goes to the same seller regardless of its author.
    """
    return query.condition(node, registry.get("leads"), query.FilterContext.company())


def matching(row: SplitterFilter, leads: QuerySet[Lead] | None = None) -> QuerySet[Lead]:
    """Return the leads (of some, or all) that match a filter's conditions."""
    queryset = Lead.objects.all() if leads is None else leads
    return queryset.filter(compiled(parse_conditions(row.conditions)))


def matching_ids(row: SplitterFilter, ids: Iterable[int]) -> set[int]:
    """Return the ids of given leads that match a filter's conditions."""
    return set(matching(row, Lead.objects.filter(pk__in=list(ids))).values_list("pk", flat=True))
