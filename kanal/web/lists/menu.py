"""The context menu of a row or card: the actions on its page, unavailable ones with their reason (LIST-6)."""

from typing import Any

from django.http import HttpRequest, HttpResponse

from kanal.core import access
from kanal.core.entity import Entity
from kanal.web.action_panel import Control, controls_of
from kanal.web.jinja import render

PLACES = ("primary", "add", "panel", "more")
DANGER = "danger"


def row_menu(request: HttpRequest, entity: Entity, pk: int, project: Any = None) -> HttpResponse:
    """Return the items of a record's menu."""
    record = access.get_for(request.user, entity, pk)
    controls = controls_of(request.user, entity, record)
    return HttpResponse(render("rowmenu.jinja", open=entity.url(pk), groups=group_controls(controls)))


def group_controls(controls: list[Control]) -> list[list[Control]]:
    """Return the controls by their place on the record's page: “Edit” first, what is hard to take back last."""
    edit = [control for control in controls if control.verb == "edit"]
    last = [control for control in controls if control.tone == DANGER]
    rest = [control for control in controls if control not in edit and control not in last]
    groups = {place: [control for control in rest if control.place == place] for place in PLACES}
    groups["primary"] = edit + groups["primary"]
    return [group for group in (*groups.values(), last) if group]
