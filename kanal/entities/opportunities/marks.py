"""The marks of opportunities: stale, overdue, no next step (OPP-7)."""

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kanal.core.context import today
from kanal.core.marks import Mark
from kanal.entities.opportunities.models import OpportunityStatus

RowTest = Callable[[Mapping[str, Any]], bool]
CLOSED = (OpportunityStatus.Kind.WON, OpportunityStatus.Kind.LOST)


def limits_by_status() -> dict[int, dt.timedelta]:
    """Return how long an opportunity may stay in a status that isn't closed, by the status's id."""
    return {
        row.pk: dt.timedelta(days=row.stale_days)
        for row in OpportunityStatus.rows()
        if row.stale_days and row.kind not in CLOSED
    }


def open_statuses() -> list[int]:
    """Return the ids of the statuses in which an opportunity is worked on. One on hold waits intentionally."""
    return [row.pk for row in OpportunityStatus.rows() if row.kind == OpportunityStatus.Kind.OPEN]


def this_minute() -> dt.datetime:
    """Return the beginning of this minute, so that the conditions of a filter are the same for a while."""
    return timezone.now().replace(second=0, microsecond=0)


def stale_test() -> RowTest:
    """Return the test whether an opportunity has been in its status for longer than the status allows."""
    now = this_minute()
    latest = {status: now - limit for status, limit in limits_by_status().items()}

    def is_stale(row: Mapping[str, Any]) -> bool:
        begin = latest.get(row["status_id"])
        return begin is not None and row["status_since"] < begin

    return is_stale


def stale(reader: Any) -> Q:
    """Return the condition for stale opportunities."""
    now, condition = this_minute(), Q(pk__in=[])
    for status, limit in limits_by_status().items():
        condition |= Q(status_id=status, status_since__lt=now - limit)
    return condition


def overdue_test() -> RowTest:
    """Return the test whether the expected close date or the next action date of an open opportunity has passed."""
    statuses, day = frozenset(open_statuses()), today()

    def is_overdue(row: Mapping[str, Any]) -> bool:
        dates = (row["expected_close_date"], row["next_action_date"])
        return row["status_id"] in statuses and any(date is not None and date < day for date in dates)

    return is_overdue


def overdue(reader: Any) -> Q:
    """Return the condition for overdue opportunities."""
    passed = Q(expected_close_date__lt=reader.today) | Q(next_action_date__lt=reader.today)
    return Q(status_id__in=open_statuses()) & passed


def next_step_test() -> RowTest:
    """Return the test whether an open opportunity has neither a next action date nor a planned activity."""
    statuses = frozenset(open_statuses())
    return lambda row: (
        row["status_id"] in statuses and row["next_action_date"] is None and row["next_activity_id"] is None
    )


def no_next_step(reader: Any) -> Q:
    """Return the condition for opportunities without a next step."""
    return Q(status_id__in=open_statuses(), next_action_date__isnull=True, next_activity_id__isnull=True)


MARKS = (
    Mark(
        "overdue", _("Overdue"), _("The expected close date or the next action date has passed."), "alert-circle",
        ("status_id", "expected_close_date", "next_action_date"), ("status", "expected_close_date", "next_action_date"),
        overdue_test, overdue, tone="danger",
    ),
    Mark(
        "stale", _("Stale"), _("It has been in this status for longer than the status allows."), "clock",
        ("status_id", "status_since"), ("status",), stale_test, stale,
    ),
    Mark(
        "no_next_step", _("No next step"), _("Neither a next action date nor an activity is planned."),
        "calendar-off", ("status_id", "next_action_date", "next_activity_id"),
        ("status", "next_action_date", "next_activity"), next_step_test, no_next_step,
    ),
)  # fmt: skip
