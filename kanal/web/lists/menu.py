"""The context menu of a row or card: the type's actions that the user may do, the impossible ones with their reason."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from kanal.core import access, registry
from kanal.core.entity import Entity


def row_menu(request: HttpRequest, entity: Entity, pk: int, project: Any = None) -> HttpResponse:
    """Answer the items of one record's menu."""
    record = access.get_for(request.user, entity, pk)
    base = entity.url(pk)
    items = []
    for action in registry.actions(entity):
        if action.verb == "delete" or (action.hidden and action.hidden(record)):
            continue
        if access.may(request.user, entity, action.needs, record):
            reason = action.state(record) if action.state else None
            items.append(
                {
                    "label": action.label,
                    "icon": action.icon,
                    "url": f"{base}{action.verb}",
                    "reason": reason or "",
                    "page": bool(action.page),
                }
            )
    context = {
        "open": base,
        "items": items,
        "edit": f"{base}edit" if entity.has("edit") and access.may(request.user, entity, "edit", record) else "",
        "delete": f"{base}delete" if access.may(request.user, entity, "delete", record) else "",
    }
    return render(request, "pages/list/menu.html", context)
