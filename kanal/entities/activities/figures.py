"""The last and the next activity in the heads of the records they are on, as the reader sees them (ACCT-6)."""

import datetime as dt
from functools import partial
from typing import Any

from django.db.models import BigAutoField, DateField, Max, Min, Q, QuerySet
from django.db.models.functions import Least
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from kanal.core.access.queryset import condition_for
from kanal.core.context import today
from kanal.core.entity import Figure, FigureValue
from kanal.core.query.compiled import Param, compiled
from kanal.core.registry import extend
from kanal.entities.activities.entity import ACTIVITIES, ON
from kanal.entities.activities.models import Activity
from kanal.kit.writing import relative_day, written_day


def read_ends(parent: str, record: Any, user: Any) -> dict[str, Any]:
    """Return the last done and the next planned activity on a record: `last_at`, `last_day`, `next_at`, `next_day`."""
    condition = condition_for(user, ACTIVITIES)
    return compiled(ends_of, parent, condition).first(record=record.pk, today=today()) or {}


def ends_of(parent: str, condition: Q | None) -> QuerySet:
    """Return the query for the last and the next activity on a record, at a time and on a whole day.

    What was done before it was planned to begin counts at the time when it was done.
    """
    records = Activity.objects.order_by() if condition is None else Activity.objects.order_by().filter(condition)
    timed, planned, reader_today = Q(all_day=False), Q(done=False), Param("today", DateField())
    done = ~planned
    return (
        records.filter(**{f"{parent}_id": Param("record", BigAutoField())})
        .values(f"{parent}_id")
        .annotate(
            last_at=Max(Least("start", "done_at"), filter=done & (timed | Q(start_day__gt=reader_today))),
            last_day=Max("start_day", filter=done & Q(start_day__lte=reader_today)),
            next_at=Min("start", filter=planned & timed),
            next_day=Min("start_day", filter=planned),
        )
    )


def day_of(moment: dt.datetime | None) -> dt.date | None:
    """Return the reader's day of a moment, or None."""
    return timezone.localtime(moment).date() if moment is not None else None


def last_activity(ends: dict[str, Any], user: Any) -> FigureValue | None:
    """Return how long ago the last activity was."""
    days = [day for day in (day_of(ends.get("last_at")), ends.get("last_day")) if day is not None]
    return distance(max(days)) if days else None


def next_activity(ends: dict[str, Any], user: Any) -> FigureValue | None:
    """Return when the next planned activity is, or since when it is overdue."""
    days = [day for day in (day_of(ends.get("next_at")), ends.get("next_day")) if day is not None]
    return distance(min(days)) if days else None


def distance(day: dt.date) -> FigureValue:
    """Return a day by its distance from today, with its date below."""
    language = get_language() or "en"
    return FigureValue(relative_day(day, today(), language), written_day(day, language))


for key, parent in ON.items():
    source, tells = partial(read_ends, parent), tuple(f"activities.{name}" for name in ("start", "done", parent))
    extend(
        key,
        Figure("last_activity", _("Last activity"), last_activity, tells=tells, source=source, order=50),
        Figure("next_activity", _("Next activity"), next_activity, tells=tells, source=source, order=60),
    )
