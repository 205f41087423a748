"""The page of a record: head, figures, tabs, facts, timeline, and its action panel (DET)."""

from typing import Any
from urllib.parse import quote

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from kanal.core import history as core_history
from kanal.core import registry
from kanal.core.access import FieldContext, get_for, reads_all
from kanal.core.entity import Block, Entity, Tab
from kanal.core.events import cause_of
from kanal.core.fields.marks import ATTENTION
from kanal.kit.errors import NotFound
from kanal.web import display, files, jinja, navigation, nothing, related, timeline_changes
from kanal.web.action_panel import Panel, allowed_of, begin_url, panel_of
from kanal.web.composer import composer_of
from kanal.web.fieldtypes import Fact
from kanal.web.http import id_of, wants_fragment
from kanal.web.lists.cell import editable_fields
from kanal.web.navigation import once
from kanal.web.record_facts import render_all_facts, render_facts, render_system_facts
from kanal.web.record_head import figures_of, head_facts
from kanal.web.record_tabs import FILES, HISTORY, OVERVIEW, shown_tabs, tabs_of
from kanal.web.stage_bar import stage_bar_of
from kanal.web.timeline import timeline_of

PER_PAGE = 50


def detail(request: HttpRequest, entity: Entity, pk: int, tab: str = "") -> HttpResponse:
    """Show a record. `?tab=` selects the tab, `?kind=` filters the timeline."""
    record = get_for(request.user, entity, pk)
    chosen = tab or request.GET.get("tab", OVERVIEW)
    fields = FieldContext.of_record(request.user, entity, record)
    facts = display.facts_of(request.user, record, fields.readable.values())
    allowed = allowed_of(request.user, entity, record)
    editable = editable_fields(fields) if "edit" in allowed else ()
    panel = panel_of(entity, record, request.user, allowed)
    bar = stage_bar_of(entity, record, fields, allowed)
    context: dict[str, Any] = {
        "entity": entity,
        "record": record,
        "title": str(record),
        "facts": facts,
        "status": facts.get(entity.listing.status),
        "head_html": once(lambda: jinja.render("headfacts.jinja", facts=head_facts(entity, record, facts))),
        "marks_html": facts[ATTENTION].html if ATTENTION in facts and facts[ATTENTION].is_filled else "",
        "stages_html": jinja.render("stages.jinja", bar=bar) if bar is not None else "",
        "facts_html": once(lambda: render_facts(entity, facts, editable)),
        "all_facts_html": once(lambda: render_all_facts(entity, facts, editable)),
        "tabs": tabs_of(request.user, entity, record, chosen),
        "panel_html": once(lambda: jinja.render("panel.jinja", panel=panel)),
        "figures_html": once(lambda: jinja.render("figures.jinja", figures=figures_of(fields, record))),
        "trail": navigation.trail(request.user, entity),
        "tab": chosen,
        "url": entity.url(pk),
        "edit_base": f"/{entity.path}/data/",
    }
    context["editable"] = editable
    context |= content_of(request, entity, record, chosen, panel, facts)
    template = "pages/detail/page.html"
    if wants_fragment(request) and request.GET.get("part") == "timeline":
        template = "pages/detail/timeline.html"
    return render(request, template, context)


def history(request: HttpRequest, entity: Entity, pk: int) -> HttpResponse:
    """Show a record with its history (HIST-1)."""
    return detail(request, entity, pk, tab=HISTORY)


def content_of(
    request: HttpRequest, entity: Entity, record: Any, chosen: str, panel: Panel, facts: dict[str, Fact]
) -> dict[str, Any]:
    """Return the content of the chosen tab. Raise NotFound if there is no such tab."""
    if chosen == OVERVIEW:
        return record_overview(request, entity, record)
    if chosen == FILES and entity.has_files:
        shown = files.context(request.user, entity, record)
        nothing_yet = nothing.of_files(request.user, shown["may_attach"])
        return {"part": "pages/detail/files.html", "nothing": nothing_yet, **shown}
    if chosen == HISTORY and entity.has_history:
        return {"system_html": render_system_facts(facts), **changes(request, entity, record)}
    tab = next((shown.tab for shown in shown_tabs(entity, record, request.user) if shown.tab.key == chosen), None)
    if tab is None:
        raise NotFound
    return own_tab(request, entity, record, tab, panel)


def record_overview(request: HttpRequest, entity: Entity, record: Any) -> dict[str, Any]:
    """Return the facts and the timeline."""
    kind = request.GET.get("kind", "")
    return {
        "part": "pages/detail/overview.html",
        "blocks": blocks_of(request, entity, record),
        "timeline": timeline_of(request.user, entity, record, kind, id_of(request.GET.get("shown")) or 0),
        "nothing": nothing.of_timeline(kind),
        "composer": composer_of(request.user, entity, record),
    }


def told_blocks(entity: Entity, user: Any) -> list[Block]:
    """Return the blocks of a type's page that don't reveal anything hidden from the user."""
    return [block for block in registry.blocks(entity.key) if reads_all(user, block.tells)]


def blocks_of(request: HttpRequest, entity: Entity, record: Any) -> list[dict[str, Any]]:
    """Return the blocks that apps add to the page, in app order."""
    contexts = [
        (block, block.context(record, request.user, request.GET)) for block in told_blocks(entity, request.user)
    ]
    return [
        {"key": block.key, "template": block.template, **context} for block, context in contexts if context is not None
    ]


def changes(request: HttpRequest, entity: Entity, record: Any) -> dict[str, Any]:
    """Return one page of the history."""
    before = id_of(request.GET.get("before"))
    entries = core_history.entries_of(request.user, entity, record.pk, limit=PER_PAGE, before=before)
    titles = timeline_changes.titles_in(request.user, entries)
    rows = [
        {
            "entry": entry,
            "title": timeline_changes.title_of(entity, entry),
            "means": means_label(entry.means),
            "causes": " → ".join(cause_of(link) for link in entry.chain),
            "differences": [
                (
                    Fact(difference.field).label,
                    timeline_changes.changed_value(record, difference.field, difference.old, titles),
                    timeline_changes.changed_value(record, difference.field, difference.new, titles),
                )
                for difference in entry.differences
            ],
        }
        for entry in entries
    ]
    older = entries[-1].id if len(entries) == PER_PAGE else None
    return {"part": "pages/detail/history.html", "rows": rows, "older": older}


def means_label(means: str) -> str:
    """Return the label of a change source."""
    labels = {
        "form": _("Form"), "inline": _("Inline edit"), "board": _("Kanban"), "bulk": _("Bulk edit"),
        "import": _("Import"), "api": _("API"), "intake": _("Intake"), "job": _("Job"), "system": _("System"),
        "command": _("Command line"),
    }  # fmt: skip
    return labels.get(means, means or _("Database"))


def own_tab(request: HttpRequest, entity: Entity, record: Any, tab: Tab, panel: Panel) -> dict[str, Any]:
    """Return the content of a declared tab: the list of another type, a template, or the facts if it has neither."""
    begin = [link for key in tab.new if (link := begin_of(request.user, entity, record, key))]
    here = quote(f"{entity.url(record.pk)}?tab={tab.key}")
    context: dict[str, Any] = {"own": tab, "here": here, "begin": begin}
    if tab.list:
        context["nothing"] = nothing.of_tab(request.user, tab, begin, panel)
        context |= {"part": "pages/detail/related.html", "table": related.related_table(request.user, tab, record)}
    else:
        context["part"] = tab.template or "pages/detail/all_facts.html"
    if tab.context:
        context |= tab.context(record, request.user)
    return context


def begin_of(user: Any, entity: Entity, record: Any, key: str) -> dict[str, str] | None:
    """Return the link to create a record of another type from this one (NAV-3)."""
    target = registry.find(key)
    if target is None or not navigation.may_add(user, target):
        return None
    return {"label": str(target.phrases.new), "url": begin_url(entity, record, target), "icon": target.icon}
