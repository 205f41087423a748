"""Time zones from one source, the tzdata package: system files and PostgreSQL's may be outdated."""

import datetime as dt
import itertools
import zoneinfo
from bisect import bisect_right
from collections.abc import Iterable
from functools import lru_cache
from zoneinfo import ZoneInfo

FIRST_YEAR, LAST_YEAR = 1970, 2100
STEP = dt.timedelta(days=2)
DAY = dt.timedelta(days=1)
Span = tuple[dt.datetime, dt.datetime]
Transitions = tuple[tuple[dt.datetime, ...], tuple[dt.timedelta, ...]]


def use_package() -> None:
    """Make Python read time zones only from the pinned package, not from system files."""
    zoneinfo.reset_tzpath(to=())
    ZoneInfo.clear_cache()


# Names for machines without a location, not real time zones.
_PLACEHOLDERS = {"Factory", "localtime", "posixrules"}


@lru_cache(maxsize=1)
def zone_names() -> frozenset[str]:
    """Return the names of all zones, including old ones such as Europe/Kiev."""
    return frozenset(zoneinfo.available_timezones() - _PLACEHOLDERS)


def find_zone(name: str) -> ZoneInfo | None:
    """Return the zone with a name, or None."""
    return ZoneInfo(name) if name in zone_names() else None


def transitions(zone: dt.tzinfo, span: Span | None = None) -> Transitions:
    """Return the moments at which a zone's offset changes, and the offsets before, between and after them.

    `span` excludes changes before its first and after its last moment.
    """
    moments, offsets = all_transitions(zone)
    if span is None:
        return moments, offsets
    first, last = bisect_right(moments, span[0]), bisect_right(moments, span[1])
    return moments[first:last], offsets[first : last + 1]


def span_of(days: Iterable[dt.date]) -> Span | None:
    """Return the moments that span the given days in any zone, None without days."""
    ordered = sorted(days)
    if not ordered:
        return None
    first, last = (dt.datetime.combine(day, dt.time.min, dt.UTC) for day in (ordered[0], ordered[-1]))
    return first - 2 * DAY, last + 3 * DAY


def start_of_day(day: dt.date, zone: dt.tzinfo) -> dt.datetime:
    """Return the moment at which a day begins. If the clock skips midnight, it's the first existing one."""
    return dt.datetime.combine(day, dt.time.min, zone)


@lru_cache(maxsize=600)
def midnights(zone: dt.tzinfo) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Return the local times from which days begin with another offset, and these offsets, in seconds.

    Local times count from 1970 as if in UTC. If a local time occurs twice or not at all, the offset before the change
    applies, as in `start_of_day`.
    """
    moments, offsets = all_transitions(zone)
    seconds = [int(offset.total_seconds()) for offset in offsets]
    around = zip(moments, itertools.pairwise(seconds), strict=True)
    return tuple(int(moment.timestamp()) + max(pair) for moment, pair in around), tuple(seconds)


@lru_cache(maxsize=600)
def all_transitions(zone: dt.tzinfo) -> Transitions:
    """Return the moments from 1970 to 2100 at which a zone's offset changes, and the offsets between them."""
    moment, end = dt.datetime(FIRST_YEAR, 1, 1, tzinfo=dt.UTC), dt.datetime(LAST_YEAR, 1, 1, tzinfo=dt.UTC)
    moments: list[dt.datetime] = []
    offsets = [offset_at(zone, moment)]
    while moment < end:
        following = moment + STEP
        if (offset := offset_at(zone, following)) != offsets[-1]:
            moments.append(change_between(zone, moment, following))
            offsets.append(offset)
        moment = following
    return tuple(moments), tuple(offsets)


def offset_at(zone: dt.tzinfo, moment: dt.datetime) -> dt.timedelta:
    """Return a zone's offset from UTC at a moment."""
    return moment.astimezone(zone).utcoffset() or dt.timedelta()


def change_between(zone: dt.tzinfo, first: dt.datetime, last: dt.datetime) -> dt.datetime:
    """Return the second at which the offset changes between two moments."""
    before = offset_at(zone, first)
    low, high = int(first.timestamp()), int(last.timestamp())
    while high - low > 1:
        middle = (low + high) // 2
        if offset_at(zone, dt.datetime.fromtimestamp(middle, dt.UTC)) == before:
            low = middle
        else:
            high = middle
    return dt.datetime.fromtimestamp(high, dt.UTC)
