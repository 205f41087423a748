"""When the mail of a view is due."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from kanal.features.savedviews.schedule import next_mailing

OSLO, SYDNEY = ZoneInfo("Europe/Oslo"), ZoneInfo("Australia/Sydney")
MONDAY_NOON = dt.datetime(2026, 11, 30, 12, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("rhythm", "weekday", "hour", "zone", "due"),
    [
        ("daily", 0, 8, OSLO, "2026-12-01T07:00"),
        ("daily", 0, 14, OSLO, "2026-11-30T13:00"),
        ("daily", 0, 13, OSLO, "2026-12-01T12:00"),  # it is 13:00 now
        ("daily", 0, 8, SYDNEY, "2026-11-30T21:00"),
        ("workdays", 0, 8, OSLO, "2026-12-01T07:00"),
        ("weekly", 0, 8, OSLO, "2026-12-07T07:00"),
        ("weekly", 2, 8, OSLO, "2026-12-02T07:00"),
        ("monthly", 0, 8, OSLO, "2026-12-01T07:00"),
    ],
)
def test_the_next_mail_is_due_at_the_receivers_hour(rhythm, weekday, hour, zone, due):
    moment = next_mailing(rhythm, weekday, hour, zone, MONDAY_NOON)
    assert moment == dt.datetime.fromisoformat(due).replace(tzinfo=dt.UTC)


def test_workdays_leave_out_the_weekend():
    friday = dt.datetime(2026, 12, 4, 12, tzinfo=dt.UTC)
    assert next_mailing("workdays", 0, 8, OSLO, friday).date() == dt.date(2026, 12, 7)


def test_an_hour_that_clocks_skip_or_repeat_is_due_once():
    """In Oslo clocks go from 2 to 3 on 29 March 2026, and from 3 to 2 on 25 October."""
    for day in (dt.datetime(2026, 3, 28, 12, tzinfo=dt.UTC), dt.datetime(2026, 10, 24, 12, tzinfo=dt.UTC)):
        first = next_mailing("daily", 0, 2, OSLO, day)
        second = next_mailing("daily", 0, 2, OSLO, first)
        assert first.astimezone(OSLO).date() == (day + dt.timedelta(days=1)).date()
        assert second.astimezone(OSLO).date() == (day + dt.timedelta(days=2)).date()
