"""The conditions of a filter: read from JSON or text, asked of a set of leads."""

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet

from kanal.core import query, registry
from kanal.core.query.tree import Node
from kanal.entities.leads.models import Lead
from kanal.entities.splitter.models import SplitterFilter


def parse_conditions(raw: Any) -> Node:
    """Read conditions in their JSON form, or as text in a string or {"text": …}; raise QueryError."""
    if isinstance(raw, dict) and set(raw) == {"text"}:
        raw = raw["text"]
    return query.parse(raw) if isinstance(raw, str) else query.from_json(raw or {})


def format_conditions(row: SplitterFilter) -> str:
    """Write a filter's conditions as text."""
    return query.format_filter(parse_conditions(row.conditions))


def compiled(node: Node) -> Any:
    """Turn conditions into what the database is asked; raise QueryError for what does not fit leads.

    Days are the company's, so that a lead goes to the same seller whoever entered it.
    """
    return query.condition(node, registry.get("leads"), query.FilterContext.company())


def matching(row: SplitterFilter, leads: QuerySet[Lead] | None = None) -> QuerySet[Lead]:
    """Return the leads (of some, or of all) that meet a filter's conditions."""
    queryset = Lead.objects.all() if leads is None else leads
    return queryset.filter(compiled(parse_conditions(row.conditions)))


def matching_ids(row: SplitterFilter, ids: Iterable[int]) -> set[int]:
    """Return those of some leads that meet a filter's conditions."""
    return set(matching(row, Lead.objects.filter(pk__in=list(ids))).values_list("pk", flat=True))
