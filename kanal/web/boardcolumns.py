"""The columns of a board: which there are, with which cards and totals (KAN-1, 2)."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import get_language
from markupsafe import Markup

from kanal.core import access, listing
from kanal.core.aggregation import Aggregation, Dimension, Group, Measure, aggregate, group_key, sums_of
from kanal.core.entity import Entity
from kanal.core.fields import Field, Option
from kanal.core.models import Choice
from kanal.core.query import QueryError, Test, join
from kanal.core.transitions import kinds_of, needed_action
from kanal.kit.errors import NotFound
from kanal.kit.numbers import format_number
from kanal.web import boardsettings
from kanal.web.boardcards import card_columns, cards_of
from kanal.web.jinja import render as render_rows
from kanal.web.lists.state import State, add_parameters
from kanal.web.lists.totals import short_total, total_text
from kanal.web.markup import colour_attribute

CARDS = 50
# A page brings at most this many cards, shared by the open columns, so that it stays small; more come as one scrolls.
MOST_CARDS = 90
FEWEST_CARDS = 8


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


def columns(
    request: HttpRequest,
    entity: Entity,
    state: State,
    field: Field,
    lane: Any,
    project: Any,
    base: str,
    *,
    with_totals: bool,
) -> Markup:
    """Render the columns with their first cards, and totals. A folded column brings its cards once it is unfolded.

    `base` is the URL of the board.
    """
    options = options_of(entity, field, lane)
    folded = folded_of(request, entity, field)
    shown = [option.key for option in options if option.key not in folded]
    limit = min(CARDS, max(FEWEST_CARDS, MOST_CARDS // max(1, len(shown))))
    asks = {key: ask_of(request, entity, state, field, key, project, limit) for key in shown}
    pages = listing.read_columns(asks)
    totals = totals_of(state.ask(entity, request.user, project), field, options) if with_totals else {}
    closed = closed_of(entity, field)
    parts = [
        {
            **head(entity, option, totals.get(option.key), is_known=with_totals),
            "is_closed": option.key in closed,
            "is_folded": option.key in folded,
            "cards": cards_of(entity, pages[option.key], field) if option.key in pages else (),
            "more": more_url(state, base, option.key, pages.get(option.key)),
        }
        for option in options
    ]
    return render_rows("board.jinja", columns=parts)


def closed_of(entity: Entity, field: Field) -> set[str]:
    """Return the keys of the statuses that only an action reaches: their records are done with."""
    return {key for key, kind in kinds_of(field).items() if needed_action(entity, "", kind)}


def folded_of(request: HttpRequest, entity: Entity, field: Field) -> set[str]:
    """Return the keys of the closed columns that the URL doesn't unfold."""
    return closed_of(entity, field) - set(request.GET.get("unfolded", "").split(","))


def ask_of(
    request: HttpRequest, entity: Entity, state: State, field: Field, key: str, project: Any, limit: int = CARDS
) -> listing.ListQuery:
    """Return the query for the cards of one column."""
    ask = state.ask(entity, request.user, project)
    return ask.but(
        node=join(ask.node, Test(field.key, "any", (key,))),
        columns=card_columns(entity),
        limit=limit,
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


def more_url(state: State, base: str, key: str, page: listing.Page | None) -> str:
    """Return the URL of a column's next cards, or of its first ones if it has no page yet."""
    if page is not None and not page.next:
        return ""
    return add_parameters(state.url(f"{base}cards"), value=key, cursor=page.next if page is not None else "")


def heads(request: HttpRequest, entity: Entity, field: Field, project: Any) -> Markup:
    """Render the heads of the columns with the current sums."""
    options = options_of(entity, field, lanes_of(field, request)[1])
    try:
        totals = totals_of(State.of(request, entity).ask(entity, request.user, project), field, options)
    except QueryError:
        return Markup("")
    return render_rows("heads.jinja", columns=[head(entity, option, totals.get(option.key)) for option in options])
