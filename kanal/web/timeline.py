"""The timeline of a record: events, newest first, from sources that apps can add (DET-2)."""

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from markupsafe import Markup, escape

from kanal.core.context import today
from kanal.core.entity import Entity
from kanal.kit.registries import Registry
from kanal.kit.writing import month_name
from kanal.web import jinja
from kanal.web.templatetags.timeline import moment

SHOWN = 40
MOST_SHOWN = 400


@dataclass(frozen=True)
class Item:
    """An event at a time, or on a whole `day`. `sentence` tells who did what, see `told_of`.

    `text` is the name of what it's about, linked to `url`. `html` is sanitized, `lines` aren't. `quiet` lines are shown
    on demand. A planned event is shown above all others. `by` is the id of the user who did it, `stored_at` is when it
    was stored, if `at` is when it takes place.
    """

    kind: str
    at: dt.datetime
    icon: str
    sentence: Markup
    text: str = ""
    html: str = ""
    url: str = ""
    colour: str = ""
    private: bool = False
    lines: tuple[str, ...] = ()
    quiet: tuple[str, ...] = ()
    day: dt.date | None = None
    is_planned: bool = False
    controls: tuple[dict[str, Any], ...] = ()
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

    @property
    def is_overdue(self) -> bool:
        """Return whether a planned event should have happened."""
        late = self.day < today() if self.day else self.at < timezone.now()
        return self.is_planned and late


@dataclass(frozen=True)
class Section:
    """The events of a day or a month, or those that are planned, under a title."""

    title: str
    items: list[Item]


@dataclass(frozen=True)
class Timeline:
    """The newest events of a record, of one kind or all (""). `more` is the number to show next, 0 if none are left."""

    html: Markup
    kinds: list[dict[str, Any]]
    kind: str
    more: int = 0


Read = Callable[[Any, Entity, Any, int], list[Item]]


@dataclass(frozen=True)
class Source:
    """A source of one kind of items: `read(user, entity, record, limit)` returns the newest that the user may see.

    `applies(entity)` tells which types have such items; `type` is the key of the record type that the items are.
    """

    kind: str
    label: Any
    read: Read
    applies: Callable[[Entity], bool] = lambda entity: True
    type: str = ""


_sources: Registry[Source] = Registry("timeline sources", lambda source: source.label)


def add_source(source: Source) -> None:
    """Add a source. Called by apps in `ready` (activities, comments, files)."""
    _sources.register(source.kind, source)


def has_source(key: str) -> bool:
    """Return whether the records of a type have a source of their own."""
    return any(source.type == key for source in _sources.values())


def told_of(sentence: str, who: str, **values: str) -> Markup:
    """Return a translated sentence as HTML, with the person at %(who)s emphasized."""
    emphasized = Markup("<strong>{}</strong>").format(who)
    return escape(sentence) % {"who": emphasized, **values}


def timeline_of(user: Any, entity: Entity, record: Any, kind: str = "", shown: int = SHOWN) -> Timeline:
    """Return the newest events of a record that the user may see, of one kind or all."""
    shown = min(max(shown, SHOWN), MOST_SHOWN)
    items = items_of(user, entity, record, kind, shown + 1)
    more = shown + SHOWN if len(items) > shown < MOST_SHOWN else 0
    return Timeline(html_of(items[:shown]), kinds_of(entity, kind), kind, more)


def items_of(user: Any, entity: Entity, record: Any, kind: str = "", limit: int = SHOWN) -> list[Item]:
    """Return the newest events of a record, of one kind or all."""
    chosen = [source for source in sources_of(entity) if kind in ("", source.kind)]
    items = [item for source in chosen for item in source.read(user, entity, record, limit)]
    return sorted(items, key=lambda item: item.at, reverse=True)[:limit]


def sources_of(entity: Entity) -> list[Source]:
    """Return the sources of a type, those of whole record types first."""
    return sorted(
        (source for source in _sources.values() if source.applies(entity)), key=lambda source: not source.type
    )


def html_of(items: list[Item]) -> Markup:
    """Render events, empty if there are none."""
    return jinja.render("timeline.jinja", sections=list(sections_of(items))) if items else Markup("")


def kinds_of(entity: Entity, chosen: str = "") -> list[dict[str, Any]]:
    """List the kinds of events that a type has, for filtering."""
    choices = [{"key": "", "label": _("All"), "active": not chosen}]
    return choices + [
        {"key": source.kind, "label": source.label, "active": source.kind == chosen} for source in sources_of(entity)
    ]


def sections_of(items: list[Item]) -> Iterable[Section]:
    """Yield what is planned, the next first, then the other events by day or month, the newest first."""
    if planned := [item for item in reversed(items) if item.is_planned]:
        yield Section(_("Planned"), planned)
    for title, group in groupby((item for item in items if not item.is_planned), title_of_day):
        yield Section(title, list(group))


def title_of_day(item: Item) -> str:
    """Return the title of an event's section: today, yesterday, or its month."""
    day = item.day or timezone.localtime(item.at).date()
    near = {0: _("Today"), 1: _("Yesterday")}.get((today() - day).days)
    return near or month_name(day.year, day.month, get_language() or "en")
