"""Conditions on days and moments: dates, periods and moments from the reader's perspective (LIST-2)."""

import datetime as dt
import re
from functools import reduce
from operator import or_
from typing import Any as Value

from django.db.models import Q
from django.db.models.lookups import Exact, GreaterThan, GreaterThanOrEqual, LessThan, LessThanOrEqual

from kanal.core.fields import Field
from kanal.core.query.expressions import comparable
from kanal.core.query.tree import Test, wrong_value
from kanal.kit import dates, zones
from kanal.kit.errors import Invalid

FIRST_YEAR, LAST_YEAR = 1000, 9998
MOMENT = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d{1,6})?)?(Z|[+ -]\d\d:?\d\d)?", re.ASCII)
SPANNING = ("within", "older")


def date(field: Field, test: Test, reader: Value) -> Q:
    """Compare days. `today`, `this week` and the like are the reader's."""
    if len(test.values) > 1 and test.op in ("is", "on"):
        return reduce(or_, (date(field, Test(test.field, test.op, (value,)), reader) for value in test.values))
    if len(test.values) > 1 and test.op in ("before", "after"):
        raise wrong_value(test, ",".join(test.values))
    if test.op not in SPANNING and field.type.category == "datetime" and any(map(MOMENT.fullmatch, test.values)):
        return moments(field, test, reader)
    first, last = days_of(field, test, reader)
    if last is not None and last.year > LAST_YEAR:
        raise wrong_value(test, ",".join(test.values))
    if field.day:
        return moment_or_day(field, first, last, reader)
    return span_condition(field, first, last, reader)


def moments(field: Field, test: Test, reader: Value) -> Q:
    """Compare with moments. A day combined with a moment is its first or last moment."""
    bounds = [bound(test, value, reader) for value in test.values]
    if len(bounds) != (2 if test.op == "between" else 1):
        raise wrong_value(test, ",".join(test.values))
    left, (first, end) = comparable(field), (bounds[0][0], bounds[-1][1])
    if field.is_custom:
        first, end = field.dump(first), field.dump(end)
    if test.op == "before":
        return Q(LessThan(left, first))
    if test.op == "after":
        return Q(GreaterThan(left, end))
    if test.op == "between":
        return Q(GreaterThanOrEqual(left, first)) & Q(LessThanOrEqual(left, end))
    return Q(Exact(left, first))


def bound(test: Test, value: str, reader: Value) -> tuple[dt.datetime, dt.datetime]:
    """Return the first and the last moment of a value, by default in the reader's zone."""
    try:
        if not MOMENT.fullmatch(value):
            first, last = span(value, reader.today)
            end = zones.start_of_day(last + zones.DAY, reader.zone) - dt.timedelta(microseconds=1)
            return zones.start_of_day(first, reader.zone), end
        # In a URL “+02:00” is decoded with a space.
        moment = dt.datetime.fromisoformat(value[:11] + value[11:].replace(" ", "+"))
    except (ValueError, KeyError, OverflowError, Invalid):
        raise wrong_value(test, value) from None
    if not FIRST_YEAR <= moment.year <= LAST_YEAR:
        raise wrong_value(test, value)
    moment = moment if moment.tzinfo else moment.replace(tzinfo=reader.zone)
    return moment, moment


def moment_or_day(field: Field, first: dt.date | None, last: dt.date | None, reader: Value) -> Q:
    """Compare moments by the reader's days, whole days directly. An index serves the wider range of both."""
    is_moment = Q(**{f"{field.day}__isnull": True}) & span_condition(field, first, last, reader)
    is_day, near = Q(**{f"{field.day}__isnull": False}), Q()
    if first is not None:
        is_day &= Q(**{f"{field.day}__gte": first})
        near &= Q(**{f"{field.column}__gte": zones.start_of_day(first, dt.UTC) - zones.DAY})
    if last is not None:
        is_day &= Q(**{f"{field.day}__lte": last})
        near &= Q(**{f"{field.column}__lt": zones.start_of_day(last, dt.UTC) + 2 * zones.DAY})
    return near & (is_moment | is_day)


def span_condition(field: Field, first: dt.date | None, last: dt.date | None, reader: Value) -> Q:
    """Return the condition between two days, inclusive. None means open-ended."""
    if field.type.category == "datetime":
        first = first and zones.start_of_day(first, reader.zone)
        last = last and zones.start_of_day(last + zones.DAY, reader.zone)
    left = comparable(field)
    if field.is_custom:
        first, last = first and field.dump(first), last and field.dump(last)
    condition = Q()
    if first is not None:
        condition &= Q(GreaterThanOrEqual(left, first))
    if last is not None:
        condition &= Q(LessThan(left, last) if field.type.category == "datetime" else LessThanOrEqual(left, last))
    return condition


def days_of(field: Field, test: Test, reader: Value) -> tuple[dt.date | None, dt.date | None]:
    """Return the first and last day permitted by a test. None means open-ended."""
    day = dt.timedelta(days=1)
    try:
        if test.op == "within":
            return within(test.values, reader.today)
        if test.op == "older":
            return None, within(("last", *test.values), reader.today)[0] - day
        spans = [span(value, reader.today) for value in test.values]
    except (ValueError, TypeError, KeyError, OverflowError, Invalid):
        raise wrong_value(test, ",".join(test.values)) from None
    if test.op == "before":
        return None, spans[0][0] - day
    if test.op == "after":
        return spans[0][1] + day, None
    if test.op == "between" and len(spans) != 2:
        raise wrong_value(test, ",".join(test.values))
    return spans[0][0], spans[-1][1]


def within(words: tuple[str, ...], today: dt.date) -> tuple[dt.date, dt.date]:
    """Parse `last,30,days` or `this,quarter`."""
    which, *rest = words
    if len(rest) == 1:
        return dates.period(f"{which}_{rest[0].removesuffix('s')}", today)
    count, unit = rest
    return dates.within(which, int(count), unit.removesuffix("s"), today)


def span(word: str, today: dt.date) -> tuple[dt.date, dt.date]:
    """Return the first and last day of a date or of a named period such as `today` or `this week`."""
    if word[:4].isdigit():
        day = dt.date.fromisoformat(word if not MOMENT.fullmatch(word) else word[:10])
        if not FIRST_YEAR <= day.year <= LAST_YEAR:
            raise ValueError
        return day, day
    return dates.period(word, today)
