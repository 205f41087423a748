"""The board of a record type: its status as columns of cards, moved by the same rules as in the form (KAN-1)."""

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from kanal.core import access, listing, writes
from kanal.core.actor import ChangeSource
from kanal.core.aggregation import takes_long
from kanal.core.entity import Entity
from kanal.core.query import FilterContext, QueryError
from kanal.kit.errors import ActionNeeded, Invalid, NotAllowed, NotFound
from kanal.kit.reading.ids import id_of
from kanal.web.action_panel import describe_needed_action
from kanal.web.boardcards import cards_of
from kanal.web.boardcolumns import ask_of, columns, heads, lanes_of, more_url, status_field, totals_by
from kanal.web.http import actor_of
from kanal.web.jinja import render as render_rows
from kanal.web.lists import filter_text
from kanal.web.lists import page as lists
from kanal.web.lists.state import State, add_parameters
from kanal.web.lists.views import ListView, register_view, switch


def board_page(request: HttpRequest, entity: Entity, project: Any = None) -> HttpResponse:
    """Show the board of a type."""
    if not access.has_permission(request.user, entity, "view"):
        raise NotAllowed
    field = status_field(request.user, entity)
    state, base = State.of(request, entity), BOARD.base(entity, project)
    lanes, lane = lanes_of(field, request)
    shown = lists.Shown()
    reader = FilterContext(request.user)
    try:
        shown.chips = filter_text.chips_of(state.node(), entity, reader) if state.filter else []
        shown.totals_later = takes_long(totals_by(field, state.ask(entity, request.user, project)))
        shown.table = columns(request, entity, state, field, lane, project, base, with_totals=not shown.totals_later)
    except QueryError as problem:
        shown.problem = str(problem)
    context = lists.context(request, entity, state, base, shown, project, view=BOARD.key)
    kept = {"lane": lane.key} if lane is not None else {}
    if unfolded := request.GET.get("unfolded", ""):
        kept["unfolded"] = unfolded
    context |= {
        "heads_url": add_parameters(state.url(f"{base}heads"), **kept),
        "move_url": add_parameters(state.url(f"{base}move"), **kept),
        "menu_base": f"/{entity.path}/data/",
        "views": switch(entity, state, BOARD.key, project),
        "lanes": [(row.label, add_parameters(state.url(base), lane=row.key), row == lane) for row in lanes],
        "hidden": {**context["hidden"], **kept},
    }
    return render(request, "pages/board.html", context)


def cards_page(request: HttpRequest, entity: Entity, project: Any = None) -> HttpResponse:
    """Return the next cards of one column."""
    if not access.has_permission(request.user, entity, "view"):
        raise NotAllowed
    field = status_field(request.user, entity)
    state, base = State.of(request, entity), BOARD.base(entity, project)
    key = request.GET.get("value", "")
    try:
        page = listing.read_page(ask_of(request, entity, state, field, key, project))
    except QueryError as problem:
        raise Invalid(str(problem)) from None
    html = render_rows("cards.jinja", cards=cards_of(entity, page, field), more=more_url(state, base, key, page))
    return HttpResponse(html)


def heads_page(request: HttpRequest, entity: Entity, project: Any = None) -> HttpResponse:
    """Return the heads of the columns, for a page that was sent without them."""
    if not access.has_permission(request.user, entity, "view"):
        raise NotAllowed
    return HttpResponse(heads(request, entity, status_field(request.user, entity), project))


@require_POST
def move_card(request: HttpRequest, entity: Entity, project: Any = None) -> HttpResponse:
    """Set the status of a dropped card to that of its new column. Return the new sums, or the reason of a refusal."""
    field = status_field(request.user, entity)
    number = id_of(request.POST.get("record", ""))
    if number is None:
        raise NotFound(_("There is no such record."))
    record = access.get_for(request.user, entity, number)
    value = request.POST.get("value", "")
    if not value:  # no column is without a status, and an empty one would set the default
        raise Invalid(_("Choose a status."))
    if field.get(record) != value:
        try:
            writes.change(record, {field.key: value}, by=actor_of(request, ChangeSource.BOARD))
        except ActionNeeded as needed:
            return ask_by_action(request, entity, record, needed)
    return HttpResponse(heads(request, entity, field, project))


def ask_by_action(request: HttpRequest, entity: Entity, record: Any, needed: ActionNeeded) -> HttpResponse:
    """Return the page or dialog that leads to the status (409), or the reason why it isn't possible now."""
    return JsonResponse(describe_needed_action(request.user, entity, record, needed), status=409)


BOARD = register_view(
    ListView(
        "kanban", gettext_lazy("Kanban"), "layout-kanban", name="board", page=board_page,
        parts=(
            ("cards", "board-cards", cards_page), ("heads", "board-heads", heads_page),
            ("move", "board-move", move_card),
        ),
        path=lambda entity: "kanban/", applies=lambda entity: entity.has_board,
        ignores=("sort", "columns", "group", "limit"), order=20,
    )
)  # fmt: skip
