"""The settings area (SET-1): its index and menu. Each kind of settings has its own module here."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kanal.core import registry, settings
from kanal.core.access import has_permission
from kanal.core.administration import may_administer


@dataclass(frozen=True)
class Link:
    """An entry of the settings area."""

    label: str
    url: str
    icon: str
    group: str


PEOPLE, DATA, SALES, SYSTEM = "people", "data", "sales", "system"
GROUPS = {
    PEOPLE: gettext_lazy("People"), "intake": gettext_lazy("Leads"), SALES: gettext_lazy("Sales"),
    "products": gettext_lazy("Products"), "work": gettext_lazy("Tasks"), DATA: gettext_lazy("Data"),
    SYSTEM: gettext_lazy("Installation"),
}  # fmt: skip
PAGE_GROUPS = {"b2b": SALES, "crm": SALES, "kanban": SALES, "organization": PEOPLE}
PAGE_ICONS = {
    "b2b": "building-store", "company": "building", "organization": "hierarchy-2", "crm": "target-arrow",
    "files": "file-text", "kanban": "layout-kanban", "limits": "traffic-lights", "map": "map-pin",
}  # fmt: skip


def page_label(page: str) -> str:
    """Return the title of a page of declared settings."""
    labels = {
        "b2b": _("B2B settings"), "company": _("Company data"), "organization": _("Organization chart"),
        "crm": _("Other CRM settings"), "files": _("File limits"), "kanban": _("Kanban"), "limits": _("Limits"),
        "map": _("Maps"),
    }  # fmt: skip
    return labels.get(page, page)


def entries(user: Any) -> list[Link]:
    """List the entries that the user may open."""
    links = [
        Link(entity.plural, f"/{entity.path}/", entity.icon, entity.settings_group)
        for entity in registry.all_entities()
        if entity.path.startswith("settings/") and not entity.scope.parent and has_permission(user, entity, "edit")
    ]
    if may_administer(user):
        links += [
            Link(_("Roles and permissions"), "/settings/roles/", "shield", PEOPLE),
            Link(_("Custom fields"), "/settings/custom-fields/", "list-details", DATA),
            Link(_("CRM field permissions"), "/settings/field-rules/", "lock", DATA),
            Link(_("Field settings"), "/settings/field-visibility/", "eye", DATA),
            Link(_("Categories"), "/settings/categories/", "tags", DATA),
            Link(_("Currencies"), "/settings/currencies/", "currency-euro", DATA),
            Link(_("Performance"), "/settings/performance/", "gauge", SYSTEM),
        ]
        links.append(Link(_("Audit log"), "/settings/audit/", "history", SYSTEM))
        links.append(Link(_("Jobs"), "/settings/jobs/", "checklist", SYSTEM))
        pages = dict.fromkeys(setting.page for setting in settings.declared())
        links += [
            Link(
                page_label(page),
                f"/settings/options/{page}/",
                PAGE_ICONS.get(page, "adjustments-horizontal"),
                PAGE_GROUPS.get(page, SYSTEM),
            )
            for page in pages
        ]
    order = list(GROUPS)
    return sorted(links, key=lambda link: (order.index(link.group), link.label))


def grouped(links: list[Link]) -> list[dict[str, Any]]:
    """Group entries by heading."""
    groups = [
        {"title": str(title), "links": [link for link in links if link.group == key]} for key, title in GROUPS.items()
    ]
    return [group for group in groups if group["links"]]


def settings_index(request: HttpRequest) -> HttpResponse:
    """Show the index of the settings."""
    context = {"title": _("Administration"), "groups": grouped(entries(request.user))}
    return render(request, "pages/settings/index.html", context)


def crm_settings(request: HttpRequest) -> HttpResponse:
    """Show the CRM settings (SET-2)."""
    links = [link for link in entries(request.user) if link.group != PEOPLE]
    return render(request, "pages/settings/index.html", {"title": _("Settings"), "groups": grouped(links)})
