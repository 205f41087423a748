"""Requests of open lists and boards after a live message: which records belong here, and how they look."""

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse

from kanal.core import access, listing, registry
from kanal.core.entity import Entity
from kanal.core.listing.query import records_of
from kanal.core.query import Any as AnyOf
from kanal.core.query import Node, QueryError, Test, join
from kanal.kit.errors import Invalid, NotFound
from kanal.web import boardcolumns
from kanal.web.boardcards import cards_of
from kanal.web.http import id_of
from kanal.web.jinja import render as render_rows
from kanal.web.lists.state import State
from kanal.web.project_scope import project_of

MOST = 200


def unserved(request: HttpRequest) -> HttpResponse:
    """Respond if the server has no live channel (WSGI), so that pages stop asking."""
    return HttpResponse(status=204)


def asked(request: HttpRequest, key: str) -> tuple[Entity, State, Any, Node, list[int]]:
    """Return the requested list, its project and the records. Raise NotFound if there is no such list."""
    entity = registry.get(key)
    if not access.has_permission(request.user, entity, "view"):
        raise NotFound
    within = request.GET.get("within", "")
    project = project_of(request.user, within) if within else None
    ids = [pk for pk in map(id_of, request.GET.get("ids", "").split(",")[:MOST]) if pk]
    node = AnyOf(tuple(Test("id", "is", (str(pk),)) for pk in ids))
    return entity, State.of(request, entity), project, node, ids


def matching(request: HttpRequest, key: str) -> HttpResponse:
    """Return which of the given records are in a list with its filter."""
    entity, state, project, node, ids = asked(request, key)
    try:
        ask = state.ask(entity, request.user, project)
        matching_ids = records_of(ask.but(node=join(ask.node, node))).values_list("pk", flat=True) if ids else []
        return JsonResponse({"ids": sorted(matching_ids)})
    except QueryError as problem:
        raise Invalid(str(problem)) from None


def cards(request: HttpRequest, key: str) -> HttpResponse:
    """Return those of the given cards that are on a board, each with its column, and the column heads."""
    entity, state, project, node, ids = asked(request, key)
    field = boardcolumns.status_field(request.user, entity)
    options = boardcolumns.options_of(entity, field, boardcolumns.lanes_of(field, request)[1])
    try:
        asks = {
            option.key: boardcolumns.ask_of(request, entity, state, field, option.key, project) for option in options
        }
        asks = {name: ask.but(node=join(ask.node, node)) for name, ask in asks.items()}
        pages = listing.read_columns(asks) if ids else {}
        totals = boardcolumns.totals_of(state.ask(entity, request.user, project), field, options)
    except QueryError as problem:
        raise Invalid(str(problem)) from None
    columns = [
        {
            **boardcolumns.head(entity, option, totals.get(option.key)),
            "cards": cards_of(entity, pages[option.key], field) if option.key in pages else [],
            "more": "",
            "is_closed": False,
            "is_folded": False,
        }
        for option in options
    ]
    return HttpResponse(render_rows("board.jinja", columns=columns))
