"""The dialog that chooses a list's columns, their order, the grouping and the size of a page."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from kanal.core import access
from kanal.core.entity import Entity
from kanal.core.listing import columns_of, offered_columns
from kanal.core.query import Reader
from kanal.kit.errors import NotAllowed
from kanal.web.lists.page import base_url, tools_url
from kanal.web.lists.state import SIZES, State
from kanal.web.requests import go


def columns_dialog(request: HttpRequest, entity: Entity, project: Any = None) -> HttpResponse:
    """Show the columns, the chosen ones first in their order; what is chosen becomes part of the list's address."""
    if not access.may(request.user, entity, "view"):
        raise NotAllowed
    state, reader = State.of(request, entity), Reader(request.user)
    if request.method == "POST":
        keys = [column.key for column in columns_of(entity, request.POST.getlist("columns"), reader)]
        chosen = "" if tuple(keys) == entity.listing.columns else ",".join(keys)
        changed = state.url(
            base_url(entity, project),
            columns=chosen,
            group=request.POST.get("group", ""),
            limit=request.POST.get("limit", ""),
        )
        return go(request, changed)
    shown = columns_of(entity, state.keys(entity), reader)
    known = {column.key for column in shown}
    offered = [
        (heading, [column for column in columns if column.key not in known])
        for heading, columns in offered_columns(entity, reader)
    ]
    context = {
        "shown": shown,
        "offered": [(heading, columns) for heading, columns in offered if columns],
        "groups": [column for column in offered_columns(entity, reader, related=False)[0][1] if column.is_sortable],
        "state": state,
        "sizes": [str(size) for size in SIZES],
        "action": state.url(f"{tools_url(entity, project)}columns"),
        "back": state.url(base_url(entity, project)),
        "entity": entity,
    }
    return render(request, "pages/list/columns.html", context)
