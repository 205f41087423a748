"""The timeline of a record: events, newest first, from sources that apps can add (DET-2)."""

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
    """An event: who did what when, or on which day. `html` is sanitized, `text` isn't.

    `by` is the id of the user who did it. `stored_at` is when it was stored, if `at` is when it takes place.
    """

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
    by: int | None = None
    stored_at: dt.datetime | None = None

    @property
    def moment(self) -> str:
        """Return the time in machine-readable form."""
        return self.day.isoformat() if self.day else timezone.localtime(self.at).isoformat()

    @property
    def when(self) -> str:
        """Return the time in readable form."""
        return moment(self.day or self.at)


Read = Callable[[Any, Entity, Any, int], list[Item]]


@dataclass(frozen=True)
class Source:
    """A source of one kind of items: `read(user, entity, record, limit)` returns the newest that the user may see.

    `applies(entity)` tells which types have such items.
    """

    kind: str
    label: Any
    read: Read
    applies: Callable[[Entity], bool] = lambda entity: True


_sources: Registry[Source] = Registry("timeline sources", lambda source: source.label)


def add_source(source: Source) -> None:
    """Add a source. Called by apps in `ready` (activities, quotes, contracts)."""
    _sources.register(source.kind, source)


def items_of(user: Any, entity: Entity, record: Any, kind: str = "") -> list[Item]:
    """Return the newest items of a record, of one kind or all."""
    sources = [source for source in _sources.values() if kind in ("", source.kind) and source.applies(entity)]
    items = [item for source in sources for item in source.read(user, entity, record, SHOWN)]
    return sorted(items, key=lambda item: item.at, reverse=True)[:SHOWN]


def html_of(items: list[Item]) -> Markup:
    """Render items, empty if there are none."""
    return jinja.render("timeline.jinja", items=items) if items else Markup("")


def kinds(entity: Entity, chosen: str) -> list[dict[str, Any]]:
    """List the kinds that a type has, for filtering."""
    choices = [{"key": "", "label": _("All"), "active": not chosen}]
    sources = [source for source in _sources.values() if source.applies(entity)]
    return choices + [
        {"key": source.kind, "label": source.label, "active": source.kind == chosen} for source in sources
    ]


def changes(user: Any, entity: Entity, record: Any, limit: int) -> list[Item]:
    """Return the changes, with old and new values of the fields that the user may read."""
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
        title, by = title_of(entity, entry), entry.actor_id
        items.append(Item("changes", entry.at, icon_of(entry), who, title, lines=lines, by=by))
    return items


def icon_of(entry: history.Entry) -> str:
    """Return the icon of a change."""
    return {"c": "circle-plus", "d": "trash"}.get(entry.kind, "edit")


def title_of(entity: Entity, entry: history.Entry) -> str:
    """Return the title of a change, the label of its action if there is one."""
    if entry.kind == "c":
        return _("created this")
    if entry.kind == "d":
        return _("deleted this")
    label = action_label(entity, entry.verb) if entry.verb else ""
    return _("changed this: %(verb)s") % {"verb": label} if label else _("changed this")


def action_label(entity: Entity, verb: str) -> str:
    """Return the label of an action, including those of other types that changed this record, "" if there is none."""
    for candidate in (entity, *registry.all_entities()):
        if action := registry.action(candidate, verb):
            return str(action.label)
    return ""


def titles_in(user: Any, entries: list[history.Entry]) -> dict[tuple[str, int], str]:
    """Return the names of the records that entries refer to."""
    differences = [difference for entry in entries for difference in entry.differences]
    return titles_for(
        user, [(difference.field, value) for difference in differences for value in (difference.old, difference.new)]
    )


def line_of(difference: Any, titles: dict[tuple[str, int], str]) -> str:
    """Return a changed field as text, “Status: New → Offer”, or "" if the reader can't see either value."""
    old, new = (
        format_history_value(difference.field, difference.old, titles),
        format_history_value(difference.field, difference.new, titles),
    )
    if not old and not new:
        return ""
    return f"{difference.field.label}: {old or '–'} → {new or '–'}"


def comments(user: Any, entity: Entity, record: Any, limit: int) -> list[Item]:
    """Return the comments."""
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
                by=comment.author_id,
            )
        )
    return items


def files(user: Any, entity: Entity, record: Any, limit: int) -> list[Item]:
    """Return the attached files."""
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
            by=file.author_id,
        )
        for file in attached
    ]


add_source(Source("comments", gettext_lazy("Comments"), comments, lambda entity: entity.has_comments))
add_source(Source("files", gettext_lazy("Files"), files, lambda entity: entity.has_files))
add_source(Source("changes", gettext_lazy("Changes"), changes))
