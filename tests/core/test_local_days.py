"""The database groups moments by Kanal's rules of zones, not by its own."""

import datetime as dt

import pytest
from django.db.models import F

from kanal.core.query.expressions import LocalDay, StartOfDay
from kanal.kit import zones
from tests.fakes.models import Ship

ZONES = ["Europe/Oslo", "America/Vancouver", "Africa/Casablanca", "Pacific/Kiritimati", "Pacific/Apia", "UTC"]
MOMENTS = [
    dt.datetime(2026, 12, 15, 7, 30, tzinfo=dt.UTC), dt.datetime(2011, 12, 30, 9, 59, 59, tzinfo=dt.UTC),
    dt.datetime(2011, 12, 30, 10, 0, tzinfo=dt.UTC), dt.datetime(1950, 1, 1, tzinfo=dt.UTC),
    *(dt.datetime(2026, 3, 29, 0, tzinfo=dt.UTC) + dt.timedelta(minutes=37 * step) for step in range(60)),
    *(dt.datetime(2026, 1, 1, tzinfo=dt.UTC) + dt.timedelta(hours=101 * step) for step in range(90)),
]  # fmt: skip


@pytest.mark.parametrize("name", ZONES)
def test_days_in_sql_are_days_in_python(make_ship, name):
    """LIST-1: each moment falls on the same day in a group's count as on the page."""
    zone = zones.find_zone(name)
    Ship.objects.bulk_create([Ship(name="Fram", sails_at=moment) for moment in MOMENTS])
    for row in Ship.objects.annotate(day=LocalDay(F("sails_at"), zone)):
        if row.sails_at.year >= zones.FIRST_YEAR:
            assert row.day == row.sails_at.astimezone(zone).date(), row.sails_at


SKIPPED = [
    dt.date(2011, 12, 30),
    dt.date(2026, 3, 29),
    dt.date(2026, 10, 25),
    dt.date(2018, 11, 4),
    dt.date(2026, 3, 8),
]


@pytest.mark.parametrize("name", [*ZONES, "America/Sao_Paulo", "Asia/Kathmandu", "Asia/Beirut", "Australia/Lord_Howe"])
def test_days_begin_in_sql_as_in_python(make_ship, name):
    """LIST-1: where midnight is skipped or comes twice, too."""
    zone = zones.find_zone(name)
    days = {*SKIPPED, *(dt.date(1971, 1, 1) + dt.timedelta(days=71 * step) for step in range(600))}
    Ship.objects.bulk_create([Ship(name="Fram", launched=day) for day in days])
    for row in Ship.objects.annotate(begins=StartOfDay(F("launched"), zone)):
        assert row.begins == zones.start_of_day(row.launched, zone).astimezone(dt.UTC), row.launched
