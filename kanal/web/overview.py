"""The overview pages: the global CRM page and each type's own (NAV-2)."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import urlencode
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from kanal.core.access import FieldContext, require
from kanal.core.dashboards import CRM, Viewer, overview_of
from kanal.core.entity import Entity
from kanal.core.listing import ListQuery, columns_of
from kanal.core.listing.count import EXACT_UP_TO, counted
from kanal.core.listing.query import usual_filter
from kanal.core.query import FilterContext, join, parse
from kanal.kit.numbers import format_number
from kanal.web import dashboards, navigation
from kanal.web.dashboard_modules import RECORDS
from kanal.web.lists.views import is_default, views_of
from kanal.web.navigation import type_url
from kanal.web.status_chart import has_breakdown

TELLING = ("text", "relation", "money", "date", "datetime")  # what says something as a record's second line


def crm(request: HttpRequest) -> HttpResponse:
    """Show the CRM types that the user may open, with their number of records."""
    return render(request, "pages/overview/crm.html", {**tiles(request.user), "title": _("CRM")})


def tiles(user: Any, project: Any = None) -> dict[str, Any]:
    """Return the content of a CRM page: its modules, and the types (of a project) with URLs."""
    types = [
        entity for entity in navigation.crm_types(user) if not project or entity.scope.project or entity.scope.projects
    ]
    return {
        "types": [tile(user, entity, project) for entity in types],
        "cards": dashboards.cards_on(Viewer(user, project), CRM),
    }


def tile(user: Any, entity: Entity, project: Any = None) -> dict[str, Any]:
    """Return a type's links."""
    if project is not None and not navigation.is_in_projects(entity):
        return tile_of_list(entity, project)
    base = type_url(entity, project)
    return {
        "entity": entity,
        "home": base,
        "number": f"{base}?part=number" if entity.has_overview else "",
        "list_url": f"{base}data/" if entity.has_overview else base,
        "other_views": other_views(entity, project),
        "new": f"{base}new" if navigation.can_begin(user, entity) else "",
        "new_label": str(entity.phrases.new),
    }


def other_views(entity: Entity, project: Any) -> list[dict[str, Any]]:
    """Return the views of a type other than its list."""
    return [
        {"label": view.label, "icon": view.icon, "url": view.base(entity, project)}
        for view in views_of(entity)
        if not is_default(entity, view)
    ]


def tile_of_list(entity: Entity, project: Any) -> dict[str, Any]:
    """Return the link of a type without pages below a project: its list, filtered by this project."""
    url = f"{entity.list_url}?{urlencode({'filter': f'{entity.scope.projects}:any({project.pk})'})}"
    return {"entity": entity, "home": url, "list_url": url}


def limited_count(request: HttpRequest, entity: Entity, project: Any = None, text: str = "") -> str:
    """Count the records that match a type's default filter and another one, up to a limit."""
    node = join(parse(usual_filter(entity, request.user)), parse(text))
    number = counted(ListQuery(entity, request.user, node=node, project=project.pk if project else None))
    language = get_language() or "en"
    if number > EXACT_UP_TO:
        return _("over %(limit)s") % {"limit": format_number(EXACT_UP_TO, language)}
    return format_number(number, language)


def wanted(user: Any, entity: Entity) -> list[tuple[str, str]]:
    """List the figures that every type has as label and filter: all records, and the user's own."""
    known = FieldContext(user, entity).askable
    mine = next((key for key in entity.scope.owners if key != "created_by" and key in known), "")
    filters = [(str(entity.plural), "")]
    return filters + ([(_("Mine"), f"{mine}:any(me)")] if mine else [])


def figures(request: HttpRequest, entity: Entity, list_url: str, project: Any = None) -> HttpResponse:
    """Return the figures of a type, each with a link to its list."""
    usual = usual_filter(entity, request.user)
    cards = [
        {
            "title": label,
            "template": "modules/figure.html",
            "value": limited_count(request, entity, project, text),
            "url": f"{list_url}?{urlencode({'filter': ';'.join(filter(None, (usual, text)))})}" if text else list_url,
        }
        for label, text in wanted(request.user, entity)
    ]
    cards += dashboards.figures_on(Viewer(request.user, project), overview_of(entity.key))
    return render(request, "pages/home/figures.html", {"figures": cards})


def record_count(request: HttpRequest, entity: Entity, list_url: str, project: Any = None) -> HttpResponse:
    """Return the number of a type's records."""
    return HttpResponse(limited_count(request, entity, project))


def module_card(request: HttpRequest, entity: Entity, list_url: str, project: Any = None) -> HttpResponse:
    """Return one of the page's modules that are loaded later, by its `key`."""
    card = dashboards.card_on(Viewer(request.user, project), overview_of(entity.key), request.GET.get("key", ""))
    return render(request, "pages/home/card.html", {"module": card})


PARTS = {"figures": figures, "number": record_count, "card": module_card}


def overview(request: HttpRequest, entity: Entity, project: Any = None) -> HttpResponse:
    """Show a type's overview: "New …", "Data", last changes. Figures and statuses are loaded later."""
    require(request.user, entity, "view")
    base, viewer = type_url(entity, project), Viewer(request.user, project)
    if part := PARTS.get(request.GET.get("part", "")):
        return part(request, entity, f"{base}data/", project)
    cards = dashboards.cards_on(viewer, overview_of(entity.key), base)
    context = {
        "entity": entity,
        "new_label": str(entity.phrases.new),
        "title": entity.plural,
        "base": base,
        "list_url": f"{base}data/",
        "other_views": other_views(entity, project),
        "new": f"{base}new" if navigation.can_begin(request.user, entity) else "",
        "labels": [
            *(label for label, _text in wanted(request.user, entity)),
            *dashboards.figure_titles(viewer, overview_of(entity.key)),
        ],
        "figures_url": f"{base}?part=figures",
        "recent": recent(request, entity, project),
        "cards": [card for card in cards if not card["is_aside"]],
        "aside": [card for card in cards if card["is_aside"]],
        "project": project,
        "breakdown": f"{base}statuses" if has_breakdown(request.user, entity) else "",
        "trail": [{"label": _("CRM"), "url": "/crm/"}] if project is None else project_trail(project),
    }
    return render(request, [f"{entity.key}/overview.html", "pages/overview/type.html"], context)


def project_trail(project: Any) -> list[dict[str, str]]:
    """Return the breadcrumb to a project's CRM page."""
    return [
        {"label": str(project), "url": f"/projects/{project.pk}/"},
        {"label": _("CRM"), "url": f"/projects/{project.identifier}/crm/"},
    ]


def recent(request: HttpRequest, entity: Entity, project: Any = None) -> dict[str, Any] | None:
    """Return the records changed last."""
    own = (entity.title, entity.listing.status)
    columns = columns_of(entity, entity.listing.columns, FilterContext(request.user))
    others = [column.key for column in columns if column.key not in own and column.category in TELLING]
    hints = ("account", *others[:1]) if "account" in others else tuple(others[:1])
    marks = (entity.listing.status,) if entity.listing.status else ()
    text = usual_filter(entity, request.user)
    settings = {
        "type": entity.key, "filter": text, "sort": "-updated_at", "hints": hints, "marks": marks,
        "empty": _("Nothing here yet"),
    }  # fmt: skip
    return dashboards.show_module(Viewer(request.user, project), RECORDS, _("Recently changed"), settings)
