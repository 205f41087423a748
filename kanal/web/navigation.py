"""The menus of every page: global menu, sidebar, add menu, account menu (NAV-1…4)."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from kanal.core import registry
from kanal.core.access import has_permission
from kanal.core.cache import cached
from kanal.core.entity import Entity
from kanal.kit.registries import Registry
from kanal.web.templatetags.kept import Known

PLATFORM, ACCOUNTS, ADD, CRM = "platform", "accounts", "add", "crm"
HEADINGS = {PLATFORM: gettext_lazy("Platform"), ACCOUNTS: gettext_lazy("Accounts")}
PROJECT = re.compile(r"/projects/(?P<identifier>[-\w]+)/crm/")
LAST = 1_000


@dataclass(frozen=True)
class MenuItem:
    """An entry of the global menu (PLATFORM, ACCOUNTS) or of the sidebar (CRM), for users with permission to `action`.

    In the ADD menu it's listed under “+” and opens as a dialog, also by its shortcut. `entity` is the key of the type
    that the permission applies to.
    """

    menu: str
    label: Any
    url_name: str
    icon: str = "circle"
    entity: str = ""
    action: str = "view"
    shortcut: str = ""


@dataclass(frozen=True)
class TypeItem:
    """A record type in a menu (NAV-1), for users who may see its records. Items are in ascending order."""

    entity: str
    menu: str
    order: int
    shortcut: str = ""


menu_items: Registry[MenuItem] = Registry("menu items", lambda item: f"{item.label} ({item.menu})")
type_items: Registry[TypeItem] = Registry("menu types", lambda item: f"{item.menu}, {item.order} {item.shortcut}")


def register_item(item: MenuItem) -> MenuItem:
    """Register a menu entry."""
    return menu_items.register((item.menu, item.url_name), item)


def register_type(key: str, menu: str = CRM, *, order: int, shortcut: str = "") -> TypeItem:
    """Register a record type for a menu."""
    return type_items.register(key, TypeItem(key, menu, order, shortcut))


def context(request: HttpRequest) -> dict[str, Any]:
    """Return the menus for templates. Each is built only if a template uses it."""
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
    """Return the global menu and the add menu. Cached, since each page checks dozens of permissions for them."""
    return Known(global_menu(user)), Known(add_menu(user))


def once(make: Callable[[], Any]) -> Callable[[], Any]:
    """Return a function that builds a menu at most once per page."""
    return cache(make)


def may_open(user: Any, entity: Entity) -> bool:
    """Return whether the user may open a type from a menu."""
    return has_permission(user, entity, "view")


def link(entity: Entity, path: str = "") -> dict[str, Any]:
    """Return the menu entry of a type."""
    active = path == f"/{entity.path}" or path.startswith(f"/{entity.path}/")
    item = type_items.get(entity.key)
    return {
        "label": entity.plural, "url": entity.home, "icon": entity.icon, "active": active,
        "shortcut": item.shortcut if item else "",
    }  # fmt: skip


def types_in(user: Any, menu: str) -> list[Entity]:
    """List the types of a menu that the user may open, in order."""
    items = sorted(
        (item for item in type_items.values() if item.menu == menu), key=lambda item: (item.order, item.entity)
    )
    return [entity for item in items if may_open(user, entity := registry.get(item.entity))]


def crm_types(user: Any) -> list[Entity]:
    """List the CRM types that the user may open: those in the sidebar first, then the others."""
    others = (entity for entity in registry.all_entities() if is_added(entity))
    return [*types_in(user, CRM), *(entity for entity in others if may_open(user, entity))]


def is_in_projects(entity: Entity) -> bool:
    """Return whether a type has pages below each project."""
    return entity.path.startswith("crm/") and bool(entity.scope.project or entity.scope.projects)


def is_added(entity: Entity) -> bool:
    """Return whether a CRM type with an overview isn't registered for any menu."""
    return entity.path.startswith("crm/") and entity.has_overview and entity.key not in type_items


def global_menu(user: Any) -> list[dict[str, Any]]:
    """Return the groups of the global menu."""
    platform = [{"label": _("CRM"), "url": "/crm/", "icon": "target-arrow"}]
    platform += [link(entity) for entity in types_in(user, PLATFORM)]
    platform += placed(user, PLATFORM)
    platform += [{"label": _("Administration"), "url": "/settings/", "icon": "settings"}]
    groups = [{"heading": HEADINGS[PLATFORM], "items": platform}]
    if accounts := placed(user, ACCOUNTS):
        groups.append({"heading": HEADINGS[ACCOUNTS], "items": accounts})
    return groups


def placed(user: Any, menu: str) -> list[dict[str, Any]]:
    """List the items that apps have added to a menu and that the user may open."""
    items = []
    for item in menu_items.values():
        entity = registry.find(item.entity)
        if item.menu == menu and (entity is None or has_permission(user, entity, item.action)):
            items.append(
                {"label": item.label, "url": reverse(item.url_name), "icon": item.icon, "shortcut": item.shortcut}
            )
    return items


def sidebar(request: HttpRequest) -> dict[str, Any]:
    """Return the links on the right: those of the settings area or of the CRM."""
    path = request.path_info
    if path.startswith("/settings/"):
        return settings_sidebar(request.user, path)
    if within := PROJECT.match(path):
        return project_sidebar(request.user, path, within["identifier"])
    is_crm = path.startswith("/crm/")
    items = [link(entity, path) for entity in crm_types(request.user)]
    items += placed(request.user, CRM)
    settings = {"label": _("Settings"), "url": "/crm/settings/", "icon": "settings"}
    return {
        "title": _("CRM"),
        "items": items,
        "more": [{**settings, "active": path.startswith("/crm/settings/")}],
        "back": crm_link(_("CRM")) if is_crm and path != "/crm/" else None,
    }


def settings_sidebar(user: Any, path: str) -> dict[str, Any]:
    """Return the links of the settings area under their headings."""
    from kanal.web.settings_pages import entries, grouped

    groups = [
        {
            "title": group["title"],
            "items": [
                {"label": entry.label, "url": entry.url, "icon": entry.icon, "active": path.startswith(entry.url)}
                for entry in group["links"]
            ],
        }
        for group in grouped(entries(user))
    ]
    back = {"label": _("Administration"), "url": "/settings/"} if path != "/settings/" else None
    return {"title": _("Administration"), "groups": groups, "back": back, "more": [crm_link(_("CRM"))]}


def project_sidebar(user: Any, path: str, identifier: str) -> dict[str, Any]:
    """Return the links of a project's CRM, and the link back to its page."""
    base = f"/projects/{identifier}"
    items = []
    for entity in crm_types(user):
        if is_in_projects(entity):
            entry = link(entity, path.removeprefix(base))
            items.append({**entry, "url": f"{base}/{entity.path}/"})
    return {"title": _("CRM"), "items": items, "back": crm_link(_("CRM")) | {"url": f"{base}/crm/"}}


def type_url(entity: Entity, project: Any = None) -> str:
    """Return the base URL of a type's pages (in a project)."""
    return f"/projects/{project.identifier}/{entity.path}/" if project is not None else f"/{entity.path}/"


def crm_link(label: str) -> dict[str, Any]:
    """Return the link to the global CRM page."""
    return {"label": label, "url": "/crm/", "icon": "target-arrow"}


def trail(user: Any, entity: Entity) -> list[dict[str, Any]]:
    """Return the breadcrumb to a type's list, without a link for users who may only see single records."""
    return [{"label": entity.plural, "url": entity.list_url if may_open(user, entity) else ""}]


def add_menu(user: Any) -> list[dict[str, Any]]:
    """List the types that the user may add from any page (NAV-4)."""
    orders = {item.entity: item.order for item in type_items.values() if item.menu == CRM}
    types = [
        entity
        for entity in registry.all_entities()
        if can_begin(user, entity) and not entity.path.startswith("settings/")
    ]
    types.sort(key=lambda entity: orders.get(entity.key, LAST))
    dialogs = [{**dialog, "dialog": True} for dialog in placed(user, ADD)]
    return dialogs + [
        {"label": str(entity.phrases.new), "icon": entity.icon, "url": f"/{entity.path}/new"} for entity in types
    ]


def may_add(user: Any, entity: Entity) -> bool:
    """Return whether the user may add records of a type, directly or from another record."""
    return has_permission(user, entity, "add")


def can_begin(user: Any, entity: Entity) -> bool:
    """Return whether the user may create a record of a type directly (not as part of another one)."""
    return entity.is_creatable and not entity.scope.parent and has_permission(user, entity, "add")


def user_menu() -> list[dict[str, Any]]:
    """List the items under the user's picture."""
    return [
        {"label": _("Your profile"), "icon": "user-circle", "url": "/me/"},
        {"label": _("Your jobs"), "icon": "checklist", "url": "/me/jobs/"},
        {"label": _("Sign out"), "icon": "logout", "post": "/logout/"},
    ]
