"""Search across all types: results of the command dialog while typing, a search page, and results for pickers."""

from collections import defaultdict
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from kanal.core import access, registry
from kanal.core.entity import Entity
from kanal.core.listing import search_node
from kanal.core.query import FilterContext, QueryError, condition, parse
from kanal.core.visits import recently_viewed
from kanal.features.search.finding import PER_TYPE, Hit, search_records
from kanal.features.search.indexing import is_searched
from kanal.kit.errors import Invalid, NotAllowed
from kanal.web import jinja
from kanal.web.http import wants_fragment

PICKED = 20
VIEWED = 8


def search_page(request: HttpRequest) -> HttpResponse:
    """Show the results grouped by type, without a text the records viewed last. A script gets only the hits."""
    text = request.GET.get("q", "")
    viewed = [] if text.strip() else recently_viewed(request.user, VIEWED)
    groups = grouped(search_records(request.user, text))
    if wants_fragment(request):
        return HttpResponse(jinja.render("hits.jinja", groups=groups, viewed=viewed))
    context = {"q": text, "groups": groups, "most": PER_TYPE, "viewed": viewed}
    return render(request, "pages/search.html", context)


def grouped(hits: list[Hit]) -> list[tuple[Entity, list[Hit]]]:
    """Group hits by type, starting with the type of the best hit."""
    hits_by_type: dict[str, list[Hit]] = defaultdict(list)
    for hit in hits:
        hits_by_type[hit.entity.key].append(hit)
    return [(group[0].entity, group) for group in hits_by_type.values()]


def pick(request: HttpRequest, key: str) -> HttpResponse:
    """Return the records of a type for a picker: {"items": [{"id", "label", "hint"}]} (FORM-4).

    `?q=` is part of the name or an id, `?filter=` narrows further, `?all=1` includes inactive records.
    """
    entity = registry.get(key)
    is_seen = access.has_permission(request.user, entity, "view")
    if not is_seen and (not access.may_choose(request.user, entity) or request.GET.get("filter")):
        raise NotAllowed  # a user who may only choose records gets names, and no filter that could reveal more
    text = request.GET.get("q", "")
    try:
        narrowed = condition(parse(request.GET.get("filter", "")), entity, FilterContext(request.user))
    except QueryError as problem:
        raise Invalid(str(problem)) from None
    records = access.choosable(request.user, entity)
    records = records.filter(narrowed) if narrowed else records
    if is_switched(entity) and request.GET.get("all") != "1":
        records = records.filter(is_active=True)
    return JsonResponse({"items": match_records(request.user, entity, records, text)})


def is_switched(entity: Entity) -> bool:
    """Return whether users activate and deactivate records of a type. An inactive quote can be chosen, too."""
    return any(column.name == "is_active" and column.editable for column in entity.model._meta.concrete_fields)


def match_records(user: Any, entity: Entity, records: QuerySet, text: str) -> list[dict[str, Any]]:
    """Return the first records that match a text, by the search index if it covers the type."""
    if text.strip() and is_searched(entity) and access.has_permission(user, entity, "view"):
        hits = search_records(user, text, [entity], PICKED)
        allowed = set(records.filter(pk__in=[hit.id for hit in hits]).values_list("pk", flat=True))
        return [{"id": hit.id, "label": hit.title, "hint": hit.hint} for hit in hits if hit.id in allowed]
    node = search_node(entity, text, FilterContext(user))
    if node is not None:
        records = records.filter(condition(node, entity, FilterContext(user)))
    rows = records.order_by(entity.title, "pk").values_list("pk", entity.title)[:PICKED]
    return [{"id": pk, "label": str(title or f"#{pk}"), "hint": ""} for pk, title in rows]
