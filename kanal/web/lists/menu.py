"""The context menu of a row or card: the actions on its page, unavailable ones with their reason (LIST-6)."""

from typing import Any

from django.http import HttpRequest, HttpResponse

from kanal.core import access
from kanal.core.entity import Entity
from kanal.web.action_panel import controls_of
from kanal.web.jinja import render

LAST = "delete"


def row_menu(request: HttpRequest, entity: Entity, pk: int, project: Any = None) -> HttpResponse:
    """Return the items of a record's menu."""
    record = access.get_for(request.user, entity, pk)
    controls = controls_of(request.user, entity, record)
    items = [control for control in controls if control.verb != LAST]
    last = [control for control in controls if control.verb == LAST]
    return HttpResponse(render("rowmenu.jinja", open=entity.url(pk), items=items, last=last))
