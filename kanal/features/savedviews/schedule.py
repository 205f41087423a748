"""When the next mail of a view is due, in the time zone of its receiver."""

import datetime as dt
from collections.abc import Callable

from kanal.features.savedviews.models import ViewMail
from kanal.kit import zones

Rhythm = ViewMail.Rhythm
FRIDAY = 4
DAYS: dict[str, Callable[[dt.date, int], bool]] = {
    Rhythm.DAILY: lambda day, weekday: True,
    Rhythm.WORKDAYS: lambda day, weekday: day.weekday() <= FRIDAY,
    Rhythm.WEEKLY: lambda day, weekday: day.weekday() == weekday,
    Rhythm.MONTHLY: lambda day, weekday: day.day == 1,
}


def next_mailing(rhythm: str, weekday: int, hour: int, zone: dt.tzinfo, now: dt.datetime) -> dt.datetime:
    """Return the first moment after `now` at which a mail is due.

    An hour that clocks skip is moved to the following one. Of an hour that they repeat, the first counts.
    """
    day = now.astimezone(zone).date()
    while True:
        moment = at_hour(day, hour, zone)
        if moment > now and DAYS[rhythm](day, weekday):
            return moment
        day += zones.DAY


def at_hour(day: dt.date, hour: int, zone: dt.tzinfo) -> dt.datetime:
    """Return the moment of a full hour of a day in a zone, in UTC."""
    return dt.datetime.combine(day, dt.time(hour), zone).astimezone(dt.UTC)
