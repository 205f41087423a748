"""Formatting of days and moments by language, the same in lists, pages and timelines."""

import datetime as dt
from functools import lru_cache

from babel import Locale
from babel.dates import format_date, format_skeleton, format_timedelta
from django.utils.translation import gettext as _

from kanal.kit.numbers import locale_of


@lru_cache(maxsize=32)
def locale_of_days(language: str) -> Locale:
    """Return the locale for dates: plain English puts the day before the month."""
    return Locale("en", "GB") if language in ("", "en") else locale_of(language)


@lru_cache(maxsize=8192)
def written_day(day: dt.date, language: str) -> str:
    """Format a day, such as 23 Nov 2026. Cached, since lists repeat the same days."""
    return format_date(day, "medium", locale_of_days(language))


def written_moment(local: dt.datetime, language: str) -> str:
    """Format a moment that is already in the reader's time zone, such as 23 Nov 2026 14:05."""
    return f"{written_day(local.date(), language)} {local:%H:%M}"


@lru_cache(maxsize=8192)
def day_of_year(day: dt.date, language: str) -> str:
    """Format a day without its year, such as 23 Nov."""
    return format_skeleton("MMMd", day, locale=locale_of_days(language))


@lru_cache(maxsize=512)
def month_name(year: int, month: int, language: str) -> str:
    """Format a month, such as November 2026."""
    return format_skeleton("yMMMM", dt.date(year, month, 1), locale=locale_of_days(language))


def brief_moment(local: dt.datetime, today: dt.date, language: str) -> str:
    """Format a moment compactly: 23 Nov 14:05, or only the day in another year."""
    day = brief_day(local.date(), today, language)
    return day if local.year != today.year else f"{day} {local:%H:%M}"


def brief_day(day: dt.date, today: dt.date, language: str) -> str:
    """Format a day compactly: 23 Nov, with the year if it's another one."""
    return written_day(day, language) if day.year != today.year else day_of_year(day, language)


def relative_day(day: dt.date, today: dt.date, language: str) -> str:
    """Format a day by its distance from today, such as "12 days ago", "Tomorrow" or "in 3 weeks"."""
    names = {-1: _("Yesterday"), 0: _("Today"), 1: _("Tomorrow")}
    apart = (day - today).days
    return names.get(apart) or days_apart(apart, language)


@lru_cache(maxsize=2048)
def days_apart(days: int, language: str) -> str:
    """Format a number of days as a distance: in days up to three weeks, in weeks up to three months."""
    distance = dt.timedelta(days=days)
    locale = locale_of_days(language)
    return format_timedelta(distance, granularity="day", threshold=3, add_direction=True, locale=locale)
