"""The timeline of a record: what happened, newest first, from sources that rooms may add to (DET-2)."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from markupsafe import Markup

from kanal.core import history, registry
from kanal.core.entity import Entity
from kanal.features.comments.actions import newest_comments
from kanal.features.files.actions import newest_files
from kanal.kit.registries import Registry
from kanal.web import jinja
from kanal.web.display import format_history_value, titles_for
from kanal.web.templatetags.timeline import moment

SHOWN = 40


@dataclass(frozen=True)
class Item:
    """One thing that happened: who did what when, or on which day; `html` has been sanitized, `text` has not."""

    kind: str
    at: dt.datetime
    icon: str
    who: str = ""
    title: str = ""
    text: str = ""
    html: str = ""
    url: str = ""
    colour: str = ""
    private: bool = False
    lines: tuple[str, ...] = ()
    day: dt.date | None = None
    controls: tuple[dict[str, Any], ...] = field(default=())

    @property
    def moment(self) -> str:
        """Return when it happened as programs read it."""
        return self.day.isoformat() if self.day else timezone.localtime(self.at).isoformat()

    @property
    def when(self) -> str:
        """Return when it happened as people read it."""
        return moment(self.day or self.at)


Read = Callable[[Any, Entity, Any, int], list[Item]]


@dataclass(frozen=True)
class Source:
    """Where items of one kind come from: `read(user, entity, record, limit)` gives the newest that the user may see.

    `applies(entity)` tells which types have such items at all.
    """

    kind: str
    label: Any
    read: Read
    applies: Callable[[Entity], bool] = lambda entity: True


_sources: Registry[Source] = Registry("timeline sources", lambda source: source.label)


def add_source(source: Source) -> None:
    """Add a source; rooms call it when they get ready (activities, quotes, contracts)."""
    _sources.register(source.kind, source)


def items_of(user: Any, entity: Entity, record: Any, kind: str = "") -> list[Item]:
    """Return the newest items of a record, of one kind or all."""
    sources = [source for source in _sources.values() if kind in ("", source.kind) and source.applies(entity)]
    items = [item for source in sources for item in source.read(user, entity, record, SHOWN)]
    return sorted(items, key=lambda item: item.at, reverse=True)[:SHOWN]


def html_of(items: list[Item]) -> Markup:
    """Mark items up; nothing where there are none."""
    return jinja.render("timeline.jinja", items=items) if items else Markup("")


def kinds(entity: Entity, chosen: str) -> list[dict[str, Any]]:
    """List the kinds to filter by that a type has."""
    choices = [{"key": "", "label": _("All"), "active": not chosen}]
    sources = [source for source in _sources.values() if source.applies(entity)]
    return choices + [
        {"key": source.kind, "label": source.label, "active": source.kind == chosen} for source in sources
    ]


def changes(user: Any, entity: Entity, record: Any, limit: int) -> list[Item]:
    """Return what was changed, with old and new values of the fields that the user may read."""
    items = []
    entries = history.entries_of(user, entity, record.pk, limit=limit)
    titles = titles_in(user, [entry for entry in entries if entry.kind != "c"])
    for entry in entries:
        lines = (
            ()
            if entry.kind == "c"
            else tuple(filter(None, (line_of(difference, titles) for difference in entry.differences)))
        )
        if entry.kind not in "cd" and not entry.verb and not lines:
            continue
        who = entry.actor or _("The system")
        items.append(Item("changes", entry.at, icon_of(entry), who, title_of(entity, entry), lines=lines))
    return items


def icon_of(entry: history.Entry) -> str:
    """Return the picture of a change."""
    return {"c": "circle-plus", "d": "trash"}.get(entry.kind, "edit")


def title_of(entity: Entity, entry: history.Entry) -> str:
    """Return what was done, by the label of the verb where there was one."""
    if entry.kind == "c":
        return _("created this")
    if entry.kind == "d":
        return _("deleted this")
    label = action_label(entity, entry.verb) if entry.verb else ""
    return _("changed this: %(verb)s") % {"verb": label} if label else _("changed this")


def action_label(entity: Entity, verb: str) -> str:
    """Name a verb as its button does, also another type's that changed this record with its own; "" if none does."""
    for candidate in (entity, *registry.all_entities()):
        if action := registry.action(candidate, verb):
            return str(action.label)
    return ""


def titles_in(user: Any, entries: list[history.Entry]) -> dict[tuple[str, int], str]:
    """Name the records that entries speak of."""
    differences = [difference for entry in entries for difference in entry.differences]
    return titles_for(
        user, [(difference.field, value) for difference in differences for value in (difference.old, difference.new)]
    )


def line_of(difference: Any, titles: dict[tuple[str, int], str]) -> str:
    """Write one changed field: “Status: New → Offer”; nothing where the reader may see neither value."""
    old, new = (
        format_history_value(difference.field, difference.old, titles),
        format_history_value(difference.field, difference.new, titles),
    )
    if not old and not new:
        return ""
    return f"{difference.field.label}: {old or '–'} → {new or '–'}"


def comments(user: Any, entity: Entity, record: Any, limit: int) -> list[Item]:
    """Return what was said."""
    items = []
    newest = newest_comments(user, entity, record.pk, limit)
    names = history.actor_names(user, (comment.author_id for comment in newest))
    for comment in newest:
        own = comment.author_id == user.pk
        controls = (
            {"label": _("Edit comment"), "icon": "pencil", "url": f"/comments/{comment.pk}/edit"},
            {"label": _("Delete comment"), "icon": "trash", "url": f"/comments/{comment.pk}/delete"},
        )
        title = _("commented") if not comment.edited_at else _("commented (edited)")
        items.append(
            Item(
                "comments",
                comment.created_at,
                "message",
                _("The system") if comment.is_note else names.get(comment.author_id) or _("Former user"),
                _("noted") if comment.is_note else title,
                html=comment.text,
                colour="blue",
                private=comment.is_private,
                controls=controls if own else (),
            )
        )
    return items


def files(user: Any, entity: Entity, record: Any, limit: int) -> list[Item]:
    """Return what was attached."""
    attached = newest_files(user, entity, record.pk, limit)
    names = history.actor_names(user, (file.author_id for file in attached))
    return [
        Item(
            "files",
            file.updated_at,
            "paperclip",
            names.get(file.author_id) or _("The system"),
            _("attached"),
            text=file.name,
            url=f"/files/{file.pk}",
            colour="teal",
        )
        for file in attached
    ]


add_source(Source("comments", gettext_lazy("Comments"), comments, lambda entity: entity.has_comments))
add_source(Source("files", gettext_lazy("Files"), files, lambda entity: entity.has_files))
add_source(Source("changes", gettext_lazy("Changes"), changes))
