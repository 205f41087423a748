"""The board of a record type: its status as columns of cards, moved by the same rules as in the form (KAN-1)."""

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from markupsafe import Markup, escape

from kanal.core import access, listing, writes
from kanal.core.actor import ChangeSource
from kanal.core.aggregation import Aggregation, Dimension, Group, Measure, aggregate, group_key, sums_of, takes_long
from kanal.core.entity import Entity
from kanal.core.fields import Field, Option
from kanal.core.models import Choice
from kanal.core.query import FilterContext, QueryError, Test, join
from kanal.kit.errors import ActionNeeded, Invalid, NotAllowed, NotFound
from kanal.kit.numbers import format_number
from kanal.kit.reading.ids import id_of
from kanal.web import boardsettings
from kanal.web.action_panel import describe_needed_action
from kanal.web.http import actor_of
from kanal.web.jinja import render as render_rows
from kanal.web.lists import filter_text
from kanal.web.lists import page as lists
from kanal.web.lists.renderers import writer_of
from kanal.web.lists.state import State, add_parameters
from kanal.web.lists.totals import short_total, total_text
from kanal.web.lists.views import ListView, register_view, switch, tools_url
from kanal.web.markup import colour_attribute

CARDS = 50


def status_field(user: Any, entity: Entity) -> Field:
    """Return the field whose values are the columns. Raise NotFound if the type has no board."""
    field = access.FieldContext(user, entity).askable.get(entity.listing.status)
    if field is None or not entity.has_board:
        raise NotFound
    return field


def lane_field(field: Field) -> Any:
    """Return the column of the status's table that groups statuses into lanes (pipelines), or None."""
    if not field.has_rows:
        return None
    columns = (column for column in field.table._meta.concrete_fields if column.is_relation and column.related_model)
    return next((column for column in columns if issubclass(column.related_model, Choice)), None)


def lanes_of(field: Field, request: HttpRequest) -> tuple[list[Any], Any]:
    """Return the lanes and the selected one."""
    column = lane_field(field)
    if column is None:
        return [], None
    lanes = [row for row in column.related_model.rows() if row.is_active]
    wanted = request.GET.get("lane", "")
    return lanes, next((row for row in lanes if row.key == wanted), column.related_model.default())


def options_of(entity: Entity, field: Field, lane: Any) -> list[Option]:
    """List the options shown as columns: active, configured as a column, and in the selected lane (KAN-2)."""
    options = [option for option in field.options() if option.active and boardsettings.is_column(entity, option.key)]
    if lane is None:
        return options
    column = lane_field(field)
    inside = {row.key for row in field.table.rows() if getattr(row, column.attname) == lane.pk}
    return [option for option in options if option.key in inside]


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
        shown.table = columns(request, entity, state, field, lane, project, with_totals=not shown.totals_later)
    except QueryError as problem:
        shown.problem = str(problem)
    context = lists.context(request, entity, state, base, shown, project)
    tools = tools_url(entity, project)
    context |= {
        "heads_url": add_parameters(state.url(f"{base}heads"), lane=lane.key if lane is not None else ""),
        "move_url": add_parameters(state.url(f"{base}move"), lane=lane.key if lane is not None else ""),
        "views": switch(entity, state, BOARD.key, project),
        "lanes": [(row.label, add_parameters(state.url(base), lane=row.key), row == lane) for row in lanes],
        "hidden": {**context["hidden"], **({"lane": lane.key} if lane is not None else {})},
        "links": {**context["links"], "filter": add_parameters(state.url(f"{tools}filter"), view=BOARD.key)},
    }
    return render(request, "pages/board.html", context)


def columns(
    request: HttpRequest, entity: Entity, state: State, field: Field, lane: Any, project: Any, *, with_totals: bool
) -> Markup:
    """Render the columns with their first cards, and totals."""
    options = options_of(entity, field, lane)
    asks = {option.key: ask_of(request, entity, state, field, option.key, project) for option in options}
    pages = listing.read_columns(asks)
    totals = totals_of(state.ask(entity, request.user, project), field, options) if with_totals else {}
    base = BOARD.base(entity, project)
    parts = [
        {
            **head(entity, option, totals.get(option.key), is_known=with_totals),
            "cards": cards(entity, pages[option.key], field),
            "more": more_url(state, base, option.key, pages[option.key]),
        }
        for option in options
    ]
    return render_rows("board.jinja", columns=parts)


def ask_of(
    request: HttpRequest, entity: Entity, state: State, field: Field, key: str, project: Any
) -> listing.ListQuery:
    """Return the query for the cards of one column."""
    ask = state.ask(entity, request.user, project)
    return ask.but(
        node=join(ask.node, Test(field.key, "any", (key,))),
        columns=boardsettings.card_fields(entity),
        limit=CARDS,
        group="",
    )


def totals_of(ask: listing.ListQuery, field: Field, options: list[Option]) -> dict[str, Group]:
    """Count and sum up each column in one query."""
    column = listing.Column(field.key, field)
    keys = {group_key(column, option.key): option.key for option in options}
    groups = aggregate(totals_by(field, ask, tuple(keys))).by_key() if keys else {}
    return {keys[key]: group for key, group in groups.items() if key in keys}


def totals_by(field: Field, ask: listing.ListQuery, only: tuple[Any, ...] = ()) -> Aggregation:
    """Return the aggregation above the columns: the sums of the cards' first amount and of the weighted value."""
    keys = [*ask.entity.listing.card, *ask.entity.listing.columns]
    money = [column for column in listing.columns_of(ask.entity, keys, ask.reader) if column.category == "money"][:1]
    money += listing.columns_of(ask.entity, [ask.entity.listing.weighted], ask.reader)
    return Aggregation(ask, sums_of(money), (Dimension(field.key, only=only),))


def weighted_sums(entity: Entity) -> tuple[Measure, ...]:
    """Return the weighted sum shown beside the sum of the cards, empty for types without a weighted amount."""
    return (Measure("sum", entity.listing.weighted),) if entity.listing.weighted else ()


def head(entity: Entity, option: Option, group: Group | None, *, is_known: bool = True) -> dict[str, Any]:
    """Return the head of a column: number of cards, sum and weighted sum."""
    totals = group.values if group else {}
    weighted = weighted_sums(entity)
    sums = {measure: short_total(total) for measure, total in totals.items()}
    count, limit = group.count if group else 0, boardsettings.limit_of(entity)
    language = get_language() or "en"
    return {
        "key": option.key,
        "is_known": is_known,
        "is_over": bool(limit) and count > limit,
        "limit": format_number(limit, language) if limit else "",
        "title": option.label,
        "colour": colour_attribute(option.colour),
        "count": format_number(count, language),
        "sum": next((text for measure, text in sums.items() if measure not in weighted), ""),
        "weighted": next((sums[measure] for measure in weighted if measure in sums), ""),
        "whole": " · ".join(filter(None, map(total_text, totals.values()))),
    }


def cards(entity: Entity, page: listing.Page, field: Field) -> list[dict[str, Any]]:
    """Return the cards of a column for the template."""
    shown = [column for column in page.columns if column.key not in (entity.title, field.key)]
    writers = [(column.key, fact_start(column), writer_of(column, page)) for column in shown]
    items = []
    for row in page.rows:
        facts = [
            f"{start}{escape(write(row.values[key]))}</dd></div>"
            for key, start, write in writers
            if row.values[key] not in (None, "", [])
        ]
        items.append(
            {
                "id": row.id,
                "title": escape(row.title),
                "url": escape(entity.url(row.id)),
                "facts": Markup("".join(facts)),  # noqa: S704 - each value is escaped
                "menu": escape(f"/{entity.path}/data/{row.id}/menu"),
            }
        )
    return items


def fact_start(column: listing.Column) -> str:
    """Return the markup before a fact's value. Built once per column, since a board has hundreds of cards."""
    label, css = escape(column.label), ' class="num"' if column.is_numeric else ""
    return f'<div title="{label}"><dt class="visually-hidden">{label}</dt><dd{css}>'


def more_url(state: State, base: str, key: str, page: listing.Page) -> str:
    """Return the URL of a column's next cards."""
    return add_parameters(state.url(f"{base}cards"), value=key, cursor=page.next) if page.next else ""


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
    html = render_rows("cards.jinja", cards=cards(entity, page, field), more=more_url(state, base, key, page))
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
    if field.get(record) != value:
        try:
            writes.change(record, {field.key: value}, by=actor_of(request, ChangeSource.BOARD))
        except ActionNeeded as needed:
            return ask_by_action(request, entity, record, needed)
    return HttpResponse(heads(request, entity, field, project))


def ask_by_action(request: HttpRequest, entity: Entity, record: Any, needed: ActionNeeded) -> HttpResponse:
    """Return the page or dialog that leads to the status (409), or the reason why it isn't possible now."""
    return JsonResponse(describe_needed_action(request.user, entity, record, needed), status=409)


def heads(request: HttpRequest, entity: Entity, field: Field, project: Any) -> Markup:
    """Render the heads of the columns with the current sums."""
    options = options_of(entity, field, lanes_of(field, request)[1])
    try:
        totals = totals_of(State.of(request, entity).ask(entity, request.user, project), field, options)
    except QueryError:
        return Markup("")
    return render_rows("heads.jinja", columns=[head(entity, option, totals.get(option.key)) for option in options])


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
