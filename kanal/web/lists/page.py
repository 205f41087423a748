"""The list page of a record type: parses the state in the URL, runs the query, and shows the page with its controls."""

from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from kanal.core import access, listing
from kanal.core.aggregation import Aggregation, Dimension, aggregate, group_key, sums_of, takes_long
from kanal.core.entity import Entity
from kanal.core.listing import Column, Page
from kanal.core.query import FilterContext, QueryError
from kanal.features.exporting.formats import formats_of
from kanal.kit.errors import Invalid, NotAllowed
from kanal.kit.numbers import format_number
from kanal.web import navigation
from kanal.web.lists import cell, filter_text
from kanal.web.lists.rows import Table, foot
from kanal.web.lists.state import SIZES, State, add_parameters
from kanal.web.lists.views import ListView, base_url, register_view, switch, tools_url
from kanal.web.savedfilters.offer import default_url, save_url, tags_of


@dataclass
class Shown:
    """The result of a list query: a page with count and table, or the error in the filter."""

    page: Page | None = None
    count: listing.Count | None = None
    table: Any = ""
    totals_later: bool = False
    problem: str = ""
    chips: list[list[filter_text.Chip]] = field(default_factory=list)
    first: int = 1


def list_page(request: HttpRequest, entity: Entity, project: Any = None) -> HttpResponse:
    """Show the list of a type."""
    if not access.has_permission(request.user, entity, "view"):
        raise NotAllowed
    state, base = State.of(request, entity), base_url(entity, project)
    if not request.GET and (url := default_url(request.user, entity, base)):
        return HttpResponseRedirect(url)
    shown = read_list_page(request, entity, state, base, project)
    return render(request, "pages/list.html", context(request, entity, state, base, shown, project))


def to_list(request: HttpRequest, entity: Entity, project: Any = None) -> HttpResponse:
    """Redirect to the list of a type without an overview, at the type's own URL."""
    if not access.has_permission(request.user, entity, "view"):
        raise NotAllowed
    query = request.META.get("QUERY_STRING", "")
    return HttpResponseRedirect(base_url(entity, project) + (f"?{query}" if query else ""))


def read_list_page(request: HttpRequest, entity: Entity, state: State, base: str, project: Any) -> Shown:
    """Return the page. An invalid filter returns no rows, but an error."""
    shown = Shown()
    reader = FilterContext(request.user)
    try:
        shown.chips = filter_text.chips_of(state.node(), entity, reader) if state.filter else []
        ask = state.ask(entity, request.user, project)
        columns = columns_of(ask)
        group = group_of(entity, state, reader)
        extra = [group] if group and group.key not in [column.key for column in columns] else []
        shown.page = listing.read_page(ask, [*columns, *extra])
        shown.count = count_records(ask, shown.page)
    except QueryError as problem:
        shown.problem = str(problem)
        return shown
    table = Table(entity, shown.page, state, base, group)
    if access.has_permission(request.user, entity, "edit"):
        table.editable = frozenset(cell.editable_fields(access.FieldContext(request.user, entity)))
        table.fixed = cell.fixed_rows(request.user, entity, [row.id for row in shown.page.rows])
    if group is not None:
        keys = {group_key(group, shown.page.group_value(group, row)) for row in shown.page.rows}
        by_group = Dimension(group.key, only=tuple(keys))
        table.groups = aggregate(Aggregation(ask, sums_of(columns), (by_group,))).by_key() if keys else {}
    shown.page.columns = columns
    totals = Aggregation(ask, sums_of(columns))
    if shown.page.rows and not shown.count.is_estimate and totals.measures:
        if takes_long(totals, shown.count.number):
            table.totals_url = state.url(f"{tools_url(entity, project)}totals")
        else:
            table.total = aggregate(totals).whole
    shown.table = table.render()
    return shown


def columns_of(ask: listing.ListQuery) -> list[Column]:
    """Return the requested columns, or the default ones if none of them is visible to the reader."""
    usual = ask.entity.listing.columns
    return listing.columns_of(ask.entity, ask.columns, ask.reader) or listing.columns_of(ask.entity, usual, ask.reader)


def totals_page(request: HttpRequest, entity: Entity, project: Any = None) -> HttpResponse:
    """Return the totals row of a list, for a page that was sent without it."""
    if not access.has_permission(request.user, entity, "view"):
        raise NotAllowed
    state = State.of(request, entity)
    try:
        ask = state.ask(entity, request.user, project)
        columns = columns_of(ask)
        total = aggregate(Aggregation(ask, sums_of(columns))).whole
    except QueryError as problem:
        raise Invalid(str(problem)) from None
    return HttpResponse(foot(columns, total, selectable=True))


def group_of(entity: Entity, state: State, reader: FilterContext) -> Column | None:
    """Return the column by which the list is grouped."""
    if not state.group:
        return None
    column = listing.columns_of(entity, [state.group], reader, strict=True)[0]
    if not column.is_sortable:
        raise QueryError(_("The list can't be grouped by “%(field)s”.") % {"field": column.label}, state.group)
    return column


def count_records(ask: listing.ListQuery, page: Page) -> listing.Count:
    """Count the records, without a query if there is only one page."""
    return listing.Count(len(page.rows)) if page.is_whole else listing.count_of(ask)


def context(
    request: HttpRequest, entity: Entity, state: State, base: str, shown: Shown, project: Any, view: str = "list"
) -> dict[str, Any]:
    """Return the context of the page's template, for the view with a key."""
    language = get_language() or "en"
    held_back = held_back_from(request.user, entity, state, project) if shown.page and not shown.page.rows else 0
    number = shown.count.number if shown.count else 0
    page, is_estimate = shown.page, bool(shown.count and shown.count.is_estimate)
    tags = tags_of(request.user, entity, state, base)
    return {
        "entity": entity,
        "new_label": str(entity.phrases.new),
        "views": switch(entity, state, LIST.key, project),
        "project": project,
        "state": state,
        "base": base,
        "shown": shown,
        "rows": bool(page and page.rows),
        "count_text": filter_text.counted(entity, number, is_estimate),
        "next": state.url(base, cursor=page.next) if page and page.next else "",
        "previous": state.url(base, cursor=page.previous) if page and page.previous else "",
        "chips": [part_links(part, state, base, filter_url(entity, state, project, view)) for part in shown.chips],
        "tags": tags,
        "save_url": "" if shown.problem else save_url(entity, state, tags, view, base),
        "links": links(entity, state, base, project, view),
        "sizes": [(size, state.url(base, limit=str(size)), size == state.size) for size in SIZES],
        "is_filtered": state.is_filtered,
        "may_add": navigation.can_begin(request.user, entity),
        "may_edit": access.has_permission(request.user, entity, "edit"),
        "may_delete": entity.is_deletable and access.has_permission(request.user, entity, "delete"),
        "exports": exports_of(entity, state, project) if access.has_permission(request.user, entity, "export") else [],
        "may_import": entity.is_importable and access.has_permission(request.user, entity, "import"),
        "hidden": state.but(q="").pairs,
        "held_back": held_back,
        "held_back_text": format_number(held_back, language),
    }


def held_back_from(user: Any, entity: Entity, state: State, project: Any) -> int:
    """Count the records that only the default filter hides from an empty list."""
    if state.is_filtered or not state.default:
        return 0
    return listing.count_of(state.but(filter="").ask(entity, user, project)).number


def filter_url(entity: Entity, state: State, project: Any, view: str) -> str:
    """Return the URL of the dialog for a condition, which leads back to the view."""
    return add_parameters(state.url(f"{tools_url(entity, project)}filter"), view="" if view == LIST.key else view)


def part_links(part: list[filter_text.Chip], state: State, base: str, dialog: str) -> dict[str, Any]:
    """Return the alternatives of a part of the filter, and the URL to add another one."""
    place = filter_text.Place(part[0].place.part, len(part))
    return {
        "chips": [
            {
                "chip": chip,
                "edit": add_parameters(dialog, place=str(chip.place)),
                "remove": state.url(base, filter=chip.rest),
            }
            for chip in part
        ],
        "add": add_parameters(dialog, place=str(place)),
    }


def exports_of(entity: Entity, state: State, project: Any) -> list[dict[str, Any]]:
    """Return the export entries of the list, one per format."""
    tools = tools_url(entity, project)
    return [
        {
            "label": export_format.label,
            "icon": export_format.icon,
            "url": add_parameters(state.url(f"{tools}export.{export_format.key}"), ids="1"),
        }
        for export_format in formats_of(entity)
    ]


def links(entity: Entity, state: State, base: str, project: Any, view: str) -> dict[str, str]:
    """Return the URLs of the list's controls, with its state."""
    tools = tools_url(entity, project)
    return {
        "filter": filter_url(entity, state, project, view),
        "columns": state.url(f"{tools}columns"),
        "import": f"/{entity.path}/import",
        "new": f"/{entity.path}/new" + (f"?project={project.pk}" if project is not None else ""),
        "saved": f"/saved-filters/{entity.key}/",
        "bulk_edit": state.url(f"{tools}bulk-edit"),
        "bulk_delete": state.url(f"{tools}bulk-delete"),
        "bare": f"{base}?filter=",
        "ungroup": state.url(base, group=""),
    }


LIST = register_view(
    ListView(
        "list", gettext_lazy("List"), "table", name="list", page=list_page,
        path=lambda entity: "data/" if entity.has_overview else "", order=10,
    )
)  # fmt: skip
