"""Named periods, months, working days and hours."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kanal.kit.dates import SUNDAY, add_months, period, previous, within
from kanal.kit.errors import Invalid
from kanal.kit.workdays import (
    WorkingHours,
    add_working_days,
    add_working_time,
    working_days_between,
    working_time_between,
)

TODAY = date(2026, 3, 31)
days = st.dates(min_value=date(1990, 1, 1), max_value=date(2090, 1, 1))


@pytest.mark.parametrize(
    ("name", "first", "last"),
    [
        ("today", "2026-03-31", "2026-03-31"),
        ("yesterday", "2026-03-30", "2026-03-30"),
        ("this week", "2026-03-30", "2026-04-05"),
        ("last_month", "2026-02-01", "2026-02-28"),
        ("next quarter", "2026-04-01", "2026-06-30"),
        ("last_year", "2025-01-01", "2025-12-31"),
        ("last_7_days", "2026-03-25", "2026-03-31"),
        ("next_30_days", "2026-03-31", "2026-04-29"),
        ("last_1_month", "2026-03-01", "2026-03-31"),
    ],
)
def test_periods(name, first, last):
    assert period(name, TODAY) == (date.fromisoformat(first), date.fromisoformat(last))


NAMED = ["today", "yesterday", "tomorrow"]
NAMED += [f"{which}_{unit}" for which in ("last", "this", "next") for unit in ("week", "month", "quarter", "year")]


@given(st.sampled_from(NAMED), days, st.integers(0, 6))
def test_every_named_period_has_its_place(name, today, week_start):
    first, last = period(name, today, week_start)
    assert first <= last
    if name.startswith("this"):
        assert first <= today <= last
    if name.startswith("last"):
        assert last < today
    if name.endswith("week"):
        assert first.weekday() == week_start
        assert last - first == timedelta(days=6)


@pytest.mark.parametrize("name", ["", "someday", "this", "last_0_days", "last_99999_days", "this_century"])
def test_unknown_periods_are_refused(name):
    with pytest.raises(Invalid):
        period(name, TODAY)


def test_the_week_may_begin_on_sunday():
    assert period("this week", TODAY, SUNDAY) == (date(2026, 3, 29), date(2026, 4, 4))
    assert within("this", 2, "month", TODAY) == (date(2026, 3, 1), date(2026, 4, 30))


@given(days, st.integers(-600, 600))
def test_months_move_by_months(day, months):
    moved = add_months(day, months)
    assert (moved.year * 12 + moved.month) - (day.year * 12 + day.month) == months
    assert moved.day <= day.day


def test_the_period_before():
    assert previous(date(2026, 1, 1), date(2026, 3, 31)) == (date(2025, 10, 1), date(2025, 12, 31))
    assert previous(date(2026, 1, 5), date(2026, 1, 11)) == (date(2025, 12, 29), date(2026, 1, 4))
    with pytest.raises(Invalid):
        add_months(TODAY, 12 * 9000)


@given(days, st.integers(0, 60), st.sets(days, max_size=5))
def test_working_days_agree(day, count, off):
    end = add_working_days(day, count, off)
    assert working_days_between(day + timedelta(days=1), end, off) == count


def test_working_time_skips_nights_weekends_days_off_and_the_clock_change():
    office = WorkingHours(ZoneInfo("Europe/Oslo"), days_off=frozenset([date(2026, 3, 30)]))
    friday = datetime(2026, 3, 27, 14, 0, tzinfo=UTC)
    end = add_working_time(friday, timedelta(hours=2), office)
    assert end == datetime(2026, 3, 31, 7, 0, tzinfo=UTC)
    assert working_time_between(friday, end, office) == timedelta(hours=2)
    assert working_time_between(end, friday, office) == timedelta()
    with pytest.raises(ValueError, match="ten years"):
        add_working_time(friday, timedelta(hours=1), WorkingHours(ZoneInfo("UTC"), hours={}))
