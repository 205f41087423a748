"""Activities on the timeline of their parent records (DET-2), with edit and delete buttons (OP-LEAD-06, 07)."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from django.db.models import F, QuerySet
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kanal.core.access import has_permission, readable, related_records, visible_to
from kanal.core.entity import Entity
from kanal.core.history import actor_names
from kanal.core.news import add_news_source, by_others
from kanal.entities.activities.entity import ACTIVITIES, ON
from kanal.kit.zones import start_of_day
from kanal.web.news import StartingPoint, add_starting_point
from kanal.web.timeline import Item, Source, add_source, told_of

ICONS = {
    "call": "phone", "email": "mail", "meeting": "users", "note": "note", "presentation": "chart-bar",
    "task": "checkbox",
}  # fmt: skip
DONE = {
    "call": gettext_lazy("%(who)s logged a call"),
    "email": gettext_lazy("%(who)s logged an e-mail"),
    "meeting": gettext_lazy("%(who)s held a meeting"),
    "note": gettext_lazy("%(who)s noted"),
    "presentation": gettext_lazy("%(who)s gave a presentation"),
    "task": gettext_lazy("%(who)s finished a task"),
    "": gettext_lazy("%(category)s by %(who)s"),
}
PLANNED = {
    "call": gettext_lazy("%(who)s plans a call"),
    "email": gettext_lazy("%(who)s plans an e-mail"),
    "meeting": gettext_lazy("%(who)s plans a meeting"),
    "presentation": gettext_lazy("%(who)s plans a presentation"),
    "task": gettext_lazy("%(who)s has a task"),
    "": gettext_lazy("%(category)s of %(who)s"),
}


def recent_activities(user: Any, entity: Entity, record: Any, limit: int) -> list[Item]:
    """Return the newest activities of a record that the user may see."""
    if entity.key not in ON:
        return []
    rows = related_records(user, ACTIVITIES, ON[entity.key], record.pk, ("-start", "-pk"), limit)
    names = actor_names(user, (row.assignee_id for row in rows))
    permitted = has_permission(user, ACTIVITIES, "edit"), has_permission(user, ACTIVITIES, "delete")
    return [
        replace(
            activity_item(readable(user, row), names.get(row.assignee_id, ""), entity.url(record.pk), *permitted),
            by=row.created_by_id,
            stored_at=row.created_at,
        )
        for row in rows
    ]


def activities_by_others(user: Any, entity: Entity) -> QuerySet | None:
    """Return the activities that others logged on records of a type and the user may see, as news."""
    if entity.key not in ON:
        return None
    logged = visible_to(user, ACTIVITIES).order_by().filter(by_others(user, "created_by_id"))
    return logged.annotate(record_id=F(f"{ON[entity.key]}_id"), at=F("created_at")).filter(record_id__isnull=False)


def last_talk(user: Any, entity: Entity, pk: int) -> dt.datetime | None:
    """Return when a user last logged a finished call or meeting on a record, None if never."""
    talks = ACTIVITIES.model.objects.filter(**{ON[entity.key]: pk}, assignee_id=user.pk, done=True)
    return talks.order_by("-done_at").values_list("done_at", flat=True).first()


def begins(day: dt.date | None) -> dt.datetime | None:
    """Return the start of a whole day for the reader."""
    return start_of_day(day, timezone.get_current_timezone()).astimezone(dt.UTC) if day else None


def activity_item(row: Any, who: str, back: str, may_edit: bool, may_delete: bool) -> Item:
    """Convert an activity to a timeline item."""
    key = row.category.key if row.category else ""
    sentence = (DONE if row.done else PLANNED).get(key) or (DONE if row.done else PLANNED)[""]
    category = row.category.label if row.category else _("Activity")
    at, is_early = begins(row.start_day) or row.start or row.created_at, False
    if row.done and row.done_at and at > row.done_at:  # finished before it was planned to begin
        at, is_early = row.done_at, True
    return Item(
        "activities",
        at,
        ICONS.get(key, "calendar-event"),
        told_of(str(sentence), who or _("Nobody"), category=category),
        text=row.subject,
        url=ACTIVITIES.url(row.pk),
        colour="green" if row.done else "amber",
        day=None if is_early else row.start_day,
        lines=tuple(text for text in (row.text, row.outcome) if text),
        is_planned=not row.done,
        controls=tuple(controls_of(row, back, may_edit, may_delete)),
    )


def controls_of(row: Any, back: str, may_edit: bool, may_delete: bool) -> Iterable[dict[str, Any]]:
    """Yield the controls of an activity, which lead back to the page of its record."""
    url, query = ACTIVITIES.url(row.pk), urlencode({"next": back})
    if may_edit and not row.done:
        yield {"label": _("Mark done"), "icon": "check", "url": f"{url}mark-done?{query}"}
    if may_edit:
        yield {"label": _("Edit activity"), "icon": "pencil", "href": f"{url}edit?{query}"}
    if may_delete:
        yield {"label": _("Delete activity"), "icon": "trash", "url": f"{url}delete?{query}"}


add_source(
    Source(
        "activities", gettext_lazy("Activities"), recent_activities, lambda entity: entity.key in ON, ACTIVITIES.key
    )
)  # fmt: skip
add_news_source("activities", activities_by_others)
add_starting_point(
    StartingPoint("talk", gettext_lazy("Since your last activity"), last_talk, applies=lambda entity: entity.key in ON)
)
