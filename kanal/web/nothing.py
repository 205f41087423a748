"""Empty states of a record's tabs: what applies to the reader, and how to add content."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from kanal.core import registry
from kanal.core.access.queryset import condition_for
from kanal.core.entity import Tab
from kanal.web import jinja
from kanal.web.action_panel import Panel


@dataclass(frozen=True)
class Nothing:
    """The empty state of a tab: title, text, links to create a record, buttons of the record's own actions."""

    title: str
    text: str = ""
    art: str = "list"
    begin: Sequence[dict[str, str]] = ()
    controls_html: str = ""


def of_tab(user: Any, tab: Tab, begin: Sequence[dict[str, str]], panel: Panel) -> Nothing:
    """Return the empty state of another type's list: nothing yet, or nothing visible to the reader (ACC-7)."""
    entity = registry.find(tab.list[0]) if tab.list else None
    sentences = [str(tab.about)] if tab.about else []
    title = str(tab.none or (entity.phrases.none if entity is not None else _("Nothing to show")))
    if entity is not None and condition_for(user, entity) is not None:
        title = _("Nothing to show")
        sentences.insert(0, _("Only records you can see are listed here."))
    controls = [control for control in panel.every if control.verb in tab.verbs and not control.reason]
    html = jinja.render("controls.jinja", controls=controls) if controls else ""
    return Nothing(title, " ".join(sentences), begin=begin, controls_html=html)


def of_files(user: Any, may_attach: bool) -> Nothing:
    """Return the empty state of the Files tab."""
    if user.is_external:
        title = _("No files to show")
        return Nothing(title, _("Only files that are open to partner users are listed here."), art="file")
    return Nothing(
        _("No files yet"), _("Drop files on the field above, or choose some.") if may_attach else "", art="file"
    )


def of_timeline(kind: str) -> Nothing:
    """Return the empty state of a timeline that shows one kind of entries, or all."""
    if kind:
        return Nothing(_("Nothing of this kind"), _("Choose “All” to see what else happened."), art="search")
    return Nothing(_("Nothing has happened yet"))
