"""The overview pages: the global CRM page and each type's own (NAV-2); dashboards will stand here."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from kanal.core.access import require, visible_to
from kanal.core.entity import Entity
from kanal.core.fields import fields_of
from kanal.core.listing.asking import in_project
from kanal.core.query import Reader, condition, parse
from kanal.web import navigation

RECENT = 8
LIMIT = 10_000


def crm(request: HttpRequest) -> HttpResponse:
    """Show the types of the CRM that the user may open, with how many records each holds."""
    types = [card(request, entity) for entity in navigation.crm_types(request.user)]
    return render(request, "pages/overview/crm.html", {"types": types, "title": _("CRM")})


def card(request: HttpRequest, entity: Entity) -> dict[str, Any]:
    """Give a type's links and its number of records, counted only so far that it costs little."""
    new = f"/{entity.path}/new" if navigation.can_begin(request.user, entity) else ""
    return {"entity": entity, "count": count(request, entity), "new": new, "new_label": navigation.new_label(entity)}


def listed(request: HttpRequest, entity: Entity, project: Any = None) -> Any:
    """Give the records that a list shows by default."""
    records = visible_to(request.user, entity)
    if entity.listing.default_filter:
        reader = Reader(request.user)
        records = records.filter(condition(parse(entity.listing.default_filter), entity, reader))
    if project is not None:
        records = records.filter(in_project(entity, project.pk))
    return records


def count(request: HttpRequest, entity: Entity, project: Any = None) -> str:
    """Count a type's records up to a limit."""
    found = listed(request, entity, project).order_by().values("pk")[: LIMIT + 1].count()
    return str(found) if found <= LIMIT else _("over %(limit)s") % {"limit": LIMIT}


def overview(request: HttpRequest, entity: Entity, project: Any = None) -> HttpResponse:
    """Show a type's overview: "New …", "Data", its numbers by status, and what changed last."""
    require(request.user, entity, "view")
    base = f"/projects/{project.identifier}/{entity.path}/" if project else f"/{entity.path}/"
    context = {
        **card(request, entity),
        "title": entity.plural,
        "base": base,
        "list_url": f"{base}data/",
        "board_url": f"{base}kanban/" if entity.has("board") and entity.listing.status else "",
        "new": f"{base}new" if navigation.can_begin(request.user, entity) else "",
        "recent": recent(request, entity, project),
        "project": project,
        "statuses": statuses(request, entity, f"{base}data/", project),
        "trail": [{"label": _("CRM"), "url": "/crm/"}] if project is None else project_trail(project),
    }
    return render(request, [f"{entity.key}/overview.html", "pages/overview/type.html"], context)


def project_trail(project: Any) -> list[dict[str, str]]:
    """Give the way back to a project's CRM page."""
    return [
        {"label": str(project), "url": f"/projects/{project.pk}/"},
        {"label": _("CRM"), "url": f"/projects/{project.identifier}/crm/"},
    ]


def recent(request: HttpRequest, entity: Entity, project: Any = None) -> list[dict[str, Any]]:
    """Give the records that changed last."""
    rows = listed(request, entity, project).order_by("-updated_at", "-pk").values("pk", entity.title, "updated_at")
    return [
        {"label": row[entity.title] or f"#{row['pk']}", "url": entity.url(row["pk"]), "at": row["updated_at"]}
        for row in rows[:RECENT]
    ]


def statuses(request: HttpRequest, entity: Entity, list_url: str, project: Any = None) -> list[dict[str, Any]]:
    """Give each status with a link to its records."""
    field = fields_of(entity).get(entity.listing.status)
    if field is None or field.kind.family != "choice":
        return []
    return [
        {"label": one.label, "colour": one.colour or "gray", "url": f"{list_url}?filter={field.key}:any({one.key})"}
        for one in field.options()
        if one.active
    ]
