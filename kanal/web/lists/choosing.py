"""The dialog for a list's columns, their order, sort, grouping and page size. Also used by saved filters."""

from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render

from kanal.core import access
from kanal.core.entity import Entity
from kanal.core.listing import Column, columns_of, offered_columns
from kanal.core.query import FilterContext
from kanal.kit.errors import NotAllowed
from kanal.web.http import go, id_of
from kanal.web.lists.state import SIZES, State
from kanal.web.lists.views import base_url, tools_url

MOST_SORTS = 3


def columns_dialog(request: HttpRequest, entity: Entity, project: Any = None) -> HttpResponse:
    """Show the columns, the chosen ones first in order. The choice becomes part of the list's URL."""
    if not access.has_permission(request.user, entity, "view"):
        raise NotAllowed
    state, reader = State.of(request, entity), FilterContext(request.user)
    if request.method == "POST":
        chosen = chosen_columns(request.POST, entity, reader)
        changed = state.url(
            base_url(entity, project),
            columns="" if tuple(chosen) == entity.listing.columns else ",".join(chosen),
            group=request.POST.get("group", "")[:80],
            sort=chosen_sort(request.POST, entity, reader) if "sort_key" in request.POST else state.sort,
            limit=str(id_of(request.POST.get("limit")) or ""),
        )
        return go(request, changed)
    context = {
        **choices(entity, reader, state.keys(entity), state.sort, state.group),
        "size": str(state.size),
        "sizes": [str(size) for size in SIZES],
        "action": state.url(f"{tools_url(entity, project)}columns"),
        "back": state.url(base_url(entity, project)),
        "entity": entity,
    }
    return render(request, "pages/list/columns.html", context)


def choices(entity: Entity, reader: FilterContext, keys: Iterable[str], sort: str, group: str) -> dict[str, Any]:
    """Return the choices and current values of the pickers for columns, sort and grouping."""
    shown = columns_of(entity, keys, reader)
    known = {column.key for column in shown}
    every = offered_columns(entity, reader)
    offered = [(heading, [column for column in columns if column.key not in known]) for heading, columns in every]
    sorts = [(part.removeprefix("-"), part.startswith("-")) for part in sort.split(",") if part]
    return {
        "shown": shown,
        "offered": [(heading, columns) for heading, columns in offered if columns],
        "sortable": [
            (heading, sortable_columns) for heading, columns in every if (sortable_columns := sortable(columns))
        ],
        "sorts": [*sorts, *[("", False)] * MOST_SORTS][:MOST_SORTS],
        "group": group,
    }


def sortable(columns: list[Column]) -> list[Column]:
    """Return the columns by which a list can be sorted and grouped."""
    return [column for column in columns if column.is_sortable]


def chosen_columns(posted: QueryDict, entity: Entity, reader: FilterContext) -> list[str]:
    """Return the chosen columns in order."""
    return [column.key for column in columns_of(entity, posted.getlist("columns"), reader)]


def chosen_sort(posted: QueryDict, entity: Entity, reader: FilterContext) -> str:
    """Return the chosen sort. The type's default is returned as empty."""
    pairs = zip(posted.getlist("sort_key"), posted.getlist("sort_way"), strict=False)
    wanted = {key: "-" if way == "down" else "" for key, way in pairs if key}
    sort = ",".join(f"{wanted[column.key]}{column.key}" for column in sortable(columns_of(entity, wanted, reader)))
    return "" if sort == entity.listing.sort else sort
