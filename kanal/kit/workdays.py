"""Arithmetic with working days and hours. Whose hours apply is a setting, not defined here."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from kanal.kit.dates import SATURDAY

_LONGEST = timedelta(days=3660)
_OFFICE = {weekday: ((time(8), time(16)),) for weekday in range(SATURDAY)}


@dataclass(frozen=True)
class WorkingHours:
    """The working hours of each weekday (0 is Monday), the days off, and the time zone."""

    zone: ZoneInfo
    hours: dict[int, tuple[tuple[time, time], ...]] = field(default_factory=lambda: dict(_OFFICE))
    days_off: frozenset[date] = frozenset()

    def is_working_day(self, day: date) -> bool:
        """Return whether a day has any working time."""
        return day not in self.days_off and bool(self.hours.get(day.weekday()))

    def spans(self, start: datetime) -> Iterator[tuple[datetime, datetime]]:
        """Yield the spans of working time (UTC) from a moment on, for ten years at most."""
        day = start.astimezone(self.zone).date()
        for offset in range(_LONGEST.days):
            today = day + timedelta(days=offset)
            if today in self.days_off:
                continue
            for opening, closing in self.hours.get(today.weekday(), ()):
                first = datetime.combine(today, opening, self.zone).astimezone(UTC)
                last = datetime.combine(today, closing, self.zone).astimezone(UTC)
                if last > start:
                    yield max(first, start.astimezone(UTC)), last


def add_working_time(start: datetime, amount: timedelta, calendar: WorkingHours) -> datetime:
    """Return the moment (UTC) at which the given working time has passed."""
    left = amount
    for first, last in calendar.spans(start):
        if last - first >= left:
            return first + left
        left -= last - first
    raise ValueError("no such moment within ten years: the calendar has too few working hours")


def working_time_between(start: datetime, end: datetime, calendar: WorkingHours) -> timedelta:
    """Return the working time between two moments, zero if the end isn't after the start."""
    total = timedelta()
    for first, last in calendar.spans(start):
        if first >= end:
            break
        total += min(last, end) - first
    return total


def add_working_days(day: date, count: int, days_off: Collection[date] = ()) -> date:
    """Move by working days, Monday to Friday except days off. A negative count goes back."""
    step = timedelta(days=1 if count > 0 else -1)
    left = abs(count)
    while left:
        day += step
        left -= is_workday(day, days_off)
    return day


def is_workday(day: date, days_off: Collection[date] = ()) -> bool:
    """Return whether a day is Monday to Friday and not a day off."""
    return day.weekday() < SATURDAY and day not in days_off


def working_days_between(first: date, last: date, days_off: Collection[date] = ()) -> int:
    """Return the number of working days from the first to the last day, inclusive."""
    days = (last - first).days + 1
    if days <= 0:
        return 0
    weeks, rest = divmod(days, 7)
    extra = sum((first.weekday() + i) % 7 < SATURDAY for i in range(rest))
    off = sum(first <= day <= last and day.weekday() < SATURDAY for day in set(days_off))
    return weeks * 5 + extra - off
