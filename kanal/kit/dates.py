"""Dates: named periods, months and quarters. Working days and hours are in workdays.py."""

from __future__ import annotations

import calendar
import re
from datetime import date, timedelta

from django.utils.translation import gettext_lazy as _

from kanal.kit.errors import Invalid

MONDAY, SATURDAY, SUNDAY = 0, 5, 6
UNITS = ("day", "week", "month", "quarter", "year")
_SHIFT = {"last": -1, "this": 0, "next": 1}
_DAYS = {"today": 0, "yesterday": -1, "tomorrow": 1}
_LONGEST = 10_000
_WITHIN = re.compile(r"(last|this|next)_(\d{1,5})_(day|week|month|quarter|year)s?")


def add_months(day: date, months: int) -> date:
    """Add whole months. A day missing in the target month becomes its last day; the time of day is kept."""
    index = day.year * 12 + day.month - 1 + months
    year, month = index // 12, index % 12 + 1
    if not 1 <= year <= 9999:
        raise Invalid(_("This date is out of range."))
    return day.replace(year=year, month=month, day=min(day.day, calendar.monthrange(year, month)[1]))


def add_units(day: date, count: int, unit: str) -> date:
    """Add days, weeks, months, quarters or years."""
    if unit in ("day", "week"):
        try:
            return day + timedelta(days=count * (7 if unit == "week" else 1))
        except OverflowError:
            raise Invalid(_("This date is out of range.")) from None
    return add_months(day, count * {"month": 1, "quarter": 3, "year": 12}[unit])


def quarter_of(day: date) -> int:
    """Return the quarter of the year, 1 to 4."""
    return (day.month - 1) // 3 + 1


def start_of(day: date, unit: str, week_start: int = MONDAY) -> date:
    """Return the first day of the unit that contains a day."""
    if unit == "week":
        return day - timedelta(days=(day.weekday() - week_start) % 7)
    if unit == "month":
        return day.replace(day=1)
    if unit == "quarter":
        return day.replace(month=3 * quarter_of(day) - 2, day=1)
    return day.replace(month=1, day=1) if unit == "year" else day


def end_of(day: date, unit: str, week_start: int = MONDAY) -> date:
    """Return the last day of the unit that contains a day."""
    return add_units(start_of(day, unit, week_start), 1, unit) - timedelta(days=1)


def period(name: str, today: date, week_start: int = MONDAY) -> tuple[date, date]:
    """Return the first and last day of a named period: "today", "this week", "last_quarter", "next_30_days"."""
    key = name.strip().lower().replace(" ", "_")
    if key in _DAYS:
        day = today + timedelta(days=_DAYS[key])
        return day, day
    counted = _WITHIN.fullmatch(key)
    if counted:
        return within(counted[1], int(counted[2]), counted[3], today, week_start)
    which, _sign, unit = key.partition("_")
    if which not in _SHIFT or unit not in UNITS:
        raise Invalid(_("There is no period named “%(name)s”.") % {"name": name[:40]})
    first = add_units(start_of(today, unit, week_start), _SHIFT[which], unit)
    return first, end_of(first, unit, week_start)


def within(which: str, count: int, unit: str, today: date, week_start: int = MONDAY) -> tuple[date, date]:
    """Return the last or next `count` units including today, or for "this" the current and following whole units."""
    if which not in _SHIFT or unit not in UNITS or not 1 <= count <= _LONGEST:
        raise Invalid(_("A period needs a number from 1 to %(most)s and a unit.") % {"most": _LONGEST})
    day = timedelta(days=1)
    if which == "last":
        return add_units(today, -count, unit) + day, today
    first = today if which == "next" else start_of(today, unit, week_start)
    return first, add_units(first, count, unit) - day


def previous(first: date, last: date) -> tuple[date, date]:
    """Return the preceding period of the same length: whole months before whole months, else as many days."""
    day = timedelta(days=1)
    if first.day == 1 and (last + day).day == 1:
        months = (last.year - first.year) * 12 + last.month - first.month + 1
        return add_months(first, -months), first - day
    return first - (last - first) - day, first - day
