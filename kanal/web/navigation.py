"""The menus around every page: global menu, sidebar, what can be added, one's own account (NAV-1…4)."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from kanal.core import registry
from kanal.core.access import has_permission
from kanal.core.cache import cached
from kanal.core.entity import Entity
from kanal.web.templatetags.kept import Known

# The order of the sidebar (NAV-1); a type that is not installed, or not permitted, is left out.
CRM = (
    "leads", "opportunities", "accounts", "contacts", "partners", "campaigns",
    "contracts", "activities", "invoices", "price-books", "products", "bundles",
)  # fmt: skip
SHORTCUTS = {"leads": "g l", "opportunities": "g o", "accounts": "g a", "contacts": "g c", "activities": "g s"}


@dataclass(frozen=True)
class Place:
    """An entry of the global menu, or of the CRM's sidebar, that a room adds: shown to those who may do `action`.

    Under the heading ADD it stands in the “+” menu and opens as a dialog, by its shortcut too.
    """

    heading: str
    label: Any
    url_name: str
    icon: str = "circle"
    entity: str = ""
    action: str = "view"
    shortcut: str = ""


PROJECT = re.compile(r"/projects/(?P<identifier>[-\w]+)/crm/")
_places: list[Place] = []
PLATFORM, ACCOUNTS, ADD, CRM_PLACES = "platform", "accounts", "add", "crm"
HEADINGS = {PLATFORM: gettext_lazy("Platform"), ACCOUNTS: gettext_lazy("Accounts")}


def add(place: Place) -> None:
    """Add an entry to the global menu; rooms call it when they get ready."""
    if place not in _places:
        _places.append(place)


def context(request: HttpRequest) -> dict[str, Any]:
    """Return the menus to templates; each is made only where a template asks for it."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {}
    return {
        "menu": once(lambda: menus(user, get_language())[0]),
        "sidebar": once(lambda: sidebar(request)),
        "add_menu": once(lambda: menus(user, get_language())[1]),
        "user_menu": once(user_menu),
        "user_name": str(user),
        "search_url": "/search",
    }


@cached
def menus(user: Any, language: str | None) -> tuple[Known, Known]:
    """Return the global menu and that of what can be added; cached, since each page asks for dozens of rights."""
    return Known(global_menu(user)), Known(add_menu(user))


def once(make: Callable[[], Any]) -> Callable[[], Any]:
    """Have a menu made at most once for a page."""
    return cache(make)


def may_open(user: Any, entity: Entity) -> bool:
    """Return whether a type has a place in the user's menus."""
    return has_permission(user, entity, "view")


def link(entity: Entity, path: str = "") -> dict[str, Any]:
    """Return the menu entry of a type."""
    active = path == f"/{entity.path}" or path.startswith(f"/{entity.path}/")
    shortcut = SHORTCUTS.get(entity.key, "")
    return {"label": entity.plural, "url": entity.home, "icon": entity.icon, "active": active, "shortcut": shortcut}


def crm_types(user: Any) -> list[Entity]:
    """List the types of the CRM that the user may open: the usual ones in their order, then those added since."""
    added = [entity.key for entity in registry.all_entities() if is_added(entity)]
    return [entity for key in (*CRM, *added) if (entity := registry.find(key)) and may_open(user, entity)]


def is_in_projects(entity: Entity) -> bool:
    """Return whether a type has pages below each project."""
    return entity.path.startswith("crm/") and bool(entity.scope.project or entity.scope.projects)


def is_added(entity: Entity) -> bool:
    """Return whether a type of the CRM with an overview is none of the usual ones."""
    return entity.path.startswith("crm/") and entity.has_overview and entity.key not in CRM


def global_menu(user: Any) -> list[dict[str, Any]]:
    """Return the groups of the global menu."""
    platform = [{"label": _("CRM"), "url": "/crm/", "icon": "target-arrow"}]
    platform += [
        link(entity) for key in ("projects", "tasks") if (entity := registry.find(key)) and may_open(user, entity)
    ]
    platform += placed(user, PLATFORM)
    platform += [{"label": _("Administration"), "url": "/settings/", "icon": "settings"}]
    groups = [{"heading": HEADINGS[PLATFORM], "items": platform}]
    if accounts := placed(user, ACCOUNTS):
        groups.append({"heading": HEADINGS[ACCOUNTS], "items": accounts})
    return groups


def placed(user: Any, heading: str) -> list[dict[str, Any]]:
    """List what rooms have put under a heading, as far as it is there and permitted."""
    found = []
    for place in _places:
        entity = registry.find(place.entity)
        if place.heading != heading or (entity and not has_permission(user, entity, place.action)):
            continue
        try:
            found.append(
                {"label": place.label, "url": reverse(place.url_name), "icon": place.icon, "shortcut": place.shortcut}
            )
        except NoReverseMatch:
            continue
    return found


def sidebar(request: HttpRequest) -> dict[str, Any]:
    """Return the links on the right: those of the settings area, else those of the CRM."""
    from kanal.web.settings_pages import entries

    path = request.path_info
    if path.startswith("/settings/"):
        items = [
            {"label": one.label, "url": one.url, "icon": one.icon, "active": path.startswith(one.url)}
            for one in entries(request.user)
        ]
        return {"title": _("Administration"), "items": items, "more": [crm_link(_("CRM"))]}
    if within := PROJECT.match(path):
        return project_sidebar(request.user, path, within["identifier"])
    is_crm = path.startswith("/crm/")
    items = [link(entity, path) for entity in crm_types(request.user)]
    items += placed(request.user, CRM_PLACES)
    settings = {"label": _("Settings"), "url": "/crm/settings/", "icon": "settings"}
    return {
        "title": _("CRM"),
        "items": items,
        "more": [{**settings, "active": path.startswith("/crm/settings/")}],
        "back": crm_link(_("CRM")) if is_crm and path != "/crm/" else None,
    }


def project_sidebar(user: Any, path: str, identifier: str) -> dict[str, Any]:
    """Return the links of a project's CRM, and the way back to its page."""
    base = f"/projects/{identifier}"
    items = []
    for entity in crm_types(user):
        if is_in_projects(entity):
            entry = link(entity, path.removeprefix(base))
            items.append({**entry, "url": f"{base}/{entity.path}/"})
    return {"title": _("CRM"), "items": items, "back": crm_link(_("CRM")) | {"url": f"{base}/crm/"}}


def crm_link(label: str) -> dict[str, Any]:
    """Return the link to the global CRM page."""
    return {"label": label, "url": "/crm/", "icon": "target-arrow"}


def trail(user: Any, entity: Entity) -> list[dict[str, Any]]:
    """Return the way back to a type's list; only its name to who may see single records alone."""
    return [{"label": entity.plural, "url": entity.list_url if may_open(user, entity) else ""}]


def add_menu(user: Any) -> list[dict[str, Any]]:
    """List what the user may add, from any page (NAV-4)."""
    first = {key: place for place, key in enumerate(CRM)}
    types = [one for one in registry.all_entities() if can_begin(user, one) and not one.path.startswith("settings/")]
    types.sort(key=lambda one: first.get(one.key, len(first)))
    dialogs = [{**one, "dialog": True} for one in placed(user, ADD)]
    return dialogs + [{"label": str(one.phrases.new), "icon": one.icon, "url": f"/{one.path}/new"} for one in types]


def may_add(user: Any, entity: Entity) -> bool:
    """Return whether the user may add records of a type, by themselves or from another record."""
    return has_permission(user, entity, "add")


def can_begin(user: Any, entity: Entity) -> bool:
    """Return whether the user may begin a record of a type by itself (not as a part of another one)."""
    return entity.is_creatable and not entity.scope.parent and has_permission(user, entity, "add")


def user_menu() -> list[dict[str, Any]]:
    """List what stands below the user's picture."""
    return [
        {"label": _("Your profile"), "icon": "user-circle", "url": "/me/"},
        {"label": _("Your jobs"), "icon": "checklist", "url": "/me/jobs/"},
        {"label": _("Sign out"), "icon": "logout", "post": "/logout/"},
    ]
