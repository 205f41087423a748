"""Days and moments in the formats of people and programs from all countries."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from django.utils.translation import gettext_lazy as _

from kanal.kit.errors import Ambiguous, Invalid
from kanal.kit.reading.characters import LONGEST, normalize_characters
from kanal.kit.reading.months import is_weekday, month_of
from kanal.kit.reading.times import MIDNIGHT, Clock, UnknownZone, read_clock

DMY, MDY, YMD = "dmy", "mdy", "ymd"
ORDERS = (DMY, MDY, YMD)
# An unambiguous format (2026-12-31, 31.12.2026, 31 Dec 2026) says nothing about the order of others.
_ANY = ""
# Two-digit years are in the hundred years starting here.
FIRST_SHORT_YEAR = 1950
_EARLIEST, _LATEST = 1000, 9998
_SERIAL_ZERO = dt.date(1899, 12, 30)
_SERIALS = range(15_000, 100_000)
_FIRST_WORD = re.compile(r"(?P<word>[^\W\d_]{2,16}(?:-feira)?)\.?,?\s*(?=[^\W_])")
_NUMBERS = re.compile(
    r"(\d{1,4})\s?([./\-])\s?(\d{1,2})\s?\2\s?(\d{1,4})\.?(?:\s*(?:г|у)\.?)?(?:(?<=\d)(?:Z|[+-]\d{2}:\d{2}))?"
    r"(?P<rest>(?:[T, ].*)?)",
    re.DOTALL,
)
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})(?P<rest>(?:[T ].*)?)", re.DOTALL)
_DAY_FIRST = re.compile(
    r"(?P<day>\d{1,2})(?:\.|st|nd|rd|th|er|º|ª)?(?:\s+of\b|\s+de\b)?[\s\-/]*(?P<month>[^\W\d_]{3,12})\.?"
    r"(?:\s+de\b|\s+del\b)?[\s\-/,.]*(?P<year>\d{4}|'?\d{2})(?P<rest>(?:\.?[T, ].*)?)",
    re.IGNORECASE | re.DOTALL,
)
_MONTH_FIRST = re.compile(
    r"(?P<month>[^\W\d_]{3,12})\.?[\s\-/]*(?P<day>\d{1,2})(?:st|nd|rd|th)?,?[\s\-/]+(?P<year>\d{4}|'\d{2})"
    r"(?P<rest>(?:[T, ].*)?)",
    re.IGNORECASE | re.DOTALL,
)
_YEAR_FIRST = re.compile(
    r"(?P<year>\d{4})\.?[\s\-/,]*(?P<month>[^\W\d_]{3,12})\.?[\s\-/]*(?P<day>\d{1,2})\.?(?P<rest>(?:[T, ].*)?)",
    re.DOTALL,
)
_EAST_ASIAN = re.compile(r"(\d{4})\s?[年년]\s?(\d{1,2})\s?[月월]\s?(\d{1,2})\s?[日일](?P<rest>.*)", re.DOTALL)
_WEEK = re.compile(r"\d{4}-?W\d{2}", re.IGNORECASE)
# A time before the day ("14:30 31.12.2026"), inside it (C's format), or with the zone's name after its offset.
_TIME_FIRST = re.compile(r"^(?P<time>\d{1,2}:\d{2}(?::\d{2})?(?:\s?[ap]m)?),?\s+(?P<day>[^\W_].*\d)$", re.IGNORECASE)
_TIME_WITHIN = re.compile(r"(?P<day>[^\W\d_]{3,12} \d{1,2}) (?P<time>\d\d:\d\d:\d\d(?: [A-Z]{2,5})?) (?P<year>\d{4})")
_ZONE_NAMED = re.compile(r"(?<=[+-]\d{4}) \([^()]{1,60}\)$")
# Seconds since 1970 (ten digits from 2001 on), or milliseconds. Neither is a day without separators.
_SINCE_1970 = re.compile(r"1[0-9]{9}(?:[0-9]{3})?")
_PERIOD = re.compile(
    r"\d{4}|(?:Q|T|K)[1-4][\s/.\-]*\d{2,4}|\d{4}[\s/.\-]*(?:Q|T|K)[1-4]|\d{1,2}[/.]\d{4}|\d{4}[/\-]\d{2}", re.IGNORECASE
)
# Placeholders for no date: Outlook, MySQL, dBase, .NET, Excel.
_NO_DAY = re.compile(
    r"(?:0{1,4}[./\-]0{1,2}[./\-]0{1,4}|0001-01-01|0?1[./]0?1[./]0001|1900-01-00)(?:T?(?:12|00?):00(?::00)?(?:\.0+)?(?:am|z)?)?"
    r"|1[./\-]1[./\-]4501|0|-+",
    re.IGNORECASE,
)


class Written(NamedTuple):
    """The possible days of a text by order, and the time after them. No days if the time zone is unknown."""

    days: dict[str, dt.date]
    clock: Clock | None
    unknown_zone: str = ""


def read_date(
    text: str, order: str | None = None, zone: dt.tzinfo | None = None, first_short_year: int = FIRST_SHORT_YEAR
) -> dt.date | None:
    """Return the day that a text states, None for a placeholder such as 0.0.00. Raise Invalid or Ambiguous.

    `order` ("dmy", "mdy", "ymd") resolves texts with several readings. A time with a zone is converted to `zone`,
    except midnight: programs write a day as midnight in Greenwich.
    """
    if is_no_day(text):
        return None
    day, clock = _one(text, order, first_short_year)
    if clock is None or clock.zone is None or zone is None or clock.time == MIDNIGHT:
        return day
    return _combined(day, clock, zone, text).astimezone(zone).date()


def read_moment(
    text: str, order: str | None, zone: dt.tzinfo, first_short_year: int = FIRST_SHORT_YEAR
) -> dt.datetime | None:
    """Return the moment that a text states. Without a zone it's in `zone`, without a time at midnight there."""
    if is_no_day(text):
        return None
    day, clock = _one(text, order, first_short_year)
    return _combined(day, clock or Clock(MIDNIGHT, None), zone, text)


def read_day_or_moment(
    text: str, order: str | None, zone: dt.tzinfo, first_short_year: int = FIRST_SHORT_YEAR
) -> dt.date | None:
    """Return the day for a text without a time, else the moment."""
    if is_no_day(text):
        return None
    day, clock = _one(text, order, first_short_year)
    return day if clock is None else _combined(day, clock, zone, text)


def is_no_day(text: str) -> bool:
    """Return whether a text is a program's placeholder for an empty date."""
    return len(text) < 30 and bool(_NO_DAY.fullmatch(normalize_characters(text).replace(" ", "")))


@lru_cache(maxsize=8192)
def readings_of(text: str, first_short_year: int = FIRST_SHORT_YEAR) -> Written:
    """Return the possible days of a text by order, without days if it isn't a date."""
    if len(text) > LONGEST:
        return Written({}, None)
    text = _ZONE_NAMED.sub("", normalize_characters(text))
    bare = _without_weekday(text)
    bare = _TIME_WITHIN.sub(r"\g<day> \g<year> \g<time>", _TIME_FIRST.sub(r"\g<day> \g<time>", bare))
    for read in (_by_numbers, _by_name, _compact, _serial, _since_1970):
        if (readings := read(bare, first_short_year)) is not None:
            return readings
    return Written({}, None)


def _without_weekday(text: str) -> str:
    match = _FIRST_WORD.match(text)
    if match and month_of(match["word"]) is None and is_weekday(match["word"]):
        return text[match.end() :]
    return text


def _one(text: str, order: str | None, first_short_year: int) -> tuple[dt.date, Clock | None]:
    days, clock, unknown_zone = readings_of(text, first_short_year)
    if unknown_zone:
        raise UnknownZone(unknown_zone)
    if not days:
        raise _no_day(text)
    if len(set(days.values())) > 1 and order not in days:
        raise Ambiguous(text.strip(), dict.fromkeys(day.isoformat() for day in days.values()))
    return (days[order] if order in days else next(iter(days.values()))), clock


def _no_day(text: str) -> Invalid:
    """Return the error for a text that isn't a day: a week, month, quarter or year contains many."""
    text = text.strip()
    if len(text) <= LONGEST and (
        _PERIOD.fullmatch(normalize_characters(text)) or _WEEK.fullmatch(normalize_characters(text)) or _is_month(text)
    ):
        return Invalid(_("“%(text)s” is a period, not a day: enter a day.") % {"text": text[:40]})
    return Invalid(_("“%(text)s” is not a date.") % {"text": text[:40]})


def _is_month(text: str) -> bool:
    word, _blank, year = normalize_characters(text).partition(" ")
    return year.isdigit() and month_of(word) is not None


def _combined(day: dt.date, clock: Clock, zone: dt.tzinfo, text: str) -> dt.datetime:
    moment = dt.datetime.combine(day, clock.time, clock.zone or zone) + dt.timedelta(days=clock.is_end)
    try:
        moment.astimezone(dt.UTC)
    except OverflowError:
        raise Invalid(_("“%(text)s” is not a date.") % {"text": text.strip()[:40]}) from None
    return moment


def _by_numbers(text: str, first_short_year: int) -> Written | None:
    if match := _EAST_ASIAN.fullmatch(text):
        day = _day(match[1], int(match[2]), int(match[3]), first_short_year)
        return _written({_ANY: day} if day else {}, match["rest"])
    match = _NUMBERS.fullmatch(text)
    if match is None:
        return None
    parts, mark = (match[1], match[3], match[4]), match[2]
    days = dict(_in_orders(parts, mark, first_short_year))
    return _written(days, match["rest"])


def _in_orders(parts: tuple[str, str, str], mark: str, first_short_year: int) -> Iterator[tuple[str, dt.date]]:
    """Yield the orders in which three numbers form a day. With dots, the month is never first."""
    first, two, three = parts
    offered: dict[str, tuple[str, str, str]] = {}
    if len(first) <= 2 and len(three) in (2, 4):
        offered[DMY if mark != "." else _ANY] = (three, two, first)
        if mark != ".":
            offered[MDY] = (three, first, two)
    if len(first) == 4 and len(three) <= 2:
        offered[_ANY] = (first, two, three)
    elif len(first) == 2 and len(three) == 2 and mark == "-":
        offered[YMD] = (first, two, three)
    for order, (year, month, day) in offered.items():
        if (made := _day(year, int(month), int(day), first_short_year)) is not None:
            yield order, made


def _by_name(text: str, first_short_year: int) -> Written | None:
    for form in (_DAY_FIRST, _MONTH_FIRST, _YEAR_FIRST):
        match = form.fullmatch(text)
        if match and (month := month_of(match["month"])):
            day = _day(match["year"].lstrip("'"), month, int(match["day"]), first_short_year)
            return _written({_ANY: day} if day else {}, match["rest"])
    return None


def _compact(text: str, first_short_year: int) -> Written | None:
    match = _COMPACT.fullmatch(text)
    if match is None:
        return None
    day = _day(match[1], int(match[2]), int(match[3]), first_short_year)
    return _written({_ANY: day} if day else {}, match["rest"])


def _serial(text: str, _first_short_year: int) -> Written | None:
    """Parse a spreadsheet's serial day number, with the time as its fraction."""
    match = re.fullmatch(r"(\d{5})(?:[.,](\d{1,12}))?", text)
    if match is None or int(match[1]) not in _SERIALS:
        return None
    seconds = round(float(f"0.{match[2] or 0}") * 86_400)
    moment = dt.datetime.combine(_SERIAL_ZERO, MIDNIGHT) + dt.timedelta(days=int(match[1]), seconds=seconds)
    return Written({_ANY: moment.date()}, Clock(moment.time(), None) if match[2] else None)


def _since_1970(text: str, _first_short_year: int) -> Written | None:
    if not _SINCE_1970.fullmatch(text) or (len(text) == 10 and _is_compact(text[:8])):
        return None
    moment = dt.datetime.fromtimestamp(int(text[:10]), dt.UTC)
    return Written({_ANY: moment.date()}, Clock(moment.time(), dt.UTC))


def _is_compact(text: str) -> bool:
    readings = _compact(text, FIRST_SHORT_YEAR)
    return readings is not None and bool(readings.days)


def _day(year: str, month: int, day: int, first_short_year: int) -> dt.date | None:
    number = int(year)
    if len(year) == 2:
        number += (first_short_year // 100) * 100
        number += 100 if number < first_short_year else 0
    try:
        return dt.date(number, month, day) if _EARLIEST <= number <= _LATEST else None
    except ValueError:
        return None


def _written(days: dict[str, dt.date], rest: str) -> Written:
    """Add the time to the days. An invalid time makes the whole text no date."""
    rest = rest.strip(" ,.").removeprefix("T").strip()
    if not rest or rest.lower() in ("г", "у", "р", "рік", "года"):
        return Written(days, None)
    try:
        return Written(days, read_clock(rest))
    except UnknownZone as problem:
        return Written({}, None, problem.name if days else "")
    except Invalid:
        return Written({}, None)
