"""Activities on the timeline of their parent records (DET-2), with edit and delete buttons (OP-LEAD-06, 07)."""

import datetime as dt
from typing import Any

from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kanal.core.access import has_permission, readable, related_records
from kanal.core.entity import Entity
from kanal.core.history import actor_names
from kanal.entities.activities.entity import ACTIVITIES, ON
from kanal.kit.zones import start_of_day
from kanal.web.timeline import Item, Source, add_source

ICONS = {"call": "phone", "email": "mail", "meeting": "users", "note": "note", "presentation": "chart-bar"}


def recent_activities(user: Any, entity: Entity, record: Any, limit: int) -> list[Item]:
    """Return the newest activities of a record that the user may see."""
    if entity.key not in ON:
        return []
    rows = related_records(user, ACTIVITIES, ON[entity.key], record.pk, ("-start", "-pk"), limit)
    names = actor_names(user, (row.assignee_id for row in rows))
    permitted = has_permission(user, ACTIVITIES, "edit"), has_permission(user, ACTIVITIES, "delete")
    return [
        item(readable(user, row), names.get(row.assignee_id, ""), entity.url(record.pk), *permitted) for row in rows
    ]


def begins(day: dt.date | None) -> dt.datetime | None:
    """Return the start of a whole day for the reader."""
    return start_of_day(day, timezone.get_current_timezone()).astimezone(dt.UTC) if day else None


def item(row: Any, who: str, back: str, may_edit: bool, may_delete: bool) -> Item:
    """Convert an activity to a timeline item."""
    url, query = ACTIVITIES.url(row.pk), urlencode({"next": back})
    controls = []
    if may_edit:
        controls.append({"label": _("Edit activity"), "icon": "pencil", "href": f"{url}edit?{query}"})
    if may_delete:
        controls.append({"label": _("Delete activity"), "icon": "trash", "url": f"{url}delete?{query}"})
    return Item(
        "activities",
        begins(row.start_day) or row.start or row.created_at,
        ICONS.get(row.category.key if row.category else "", "calendar-event"),
        who=who,
        title=row.category.label if row.category else _("Activity"),
        text=row.subject,
        url=url,
        colour="green" if row.done else "amber",
        day=row.start_day,
        lines=tuple(text for text in (row.text, row.outcome) if text),
        controls=tuple(controls),
    )


add_source(Source("activities", gettext_lazy("Activities"), recent_activities, applies=lambda entity: entity.key in ON))
