"""Zones come from one source, and their changes are known to the second."""

import datetime as dt
import zoneinfo
from importlib.metadata import version

import pytest

from kanal.kit import zones

REPORTED = dt.datetime(2026, 12, 15, 7, 30, tzinfo=dt.UTC)


def test_python_reads_no_zones_of_the_machine():
    """One set of rules: the pinned package's, whatever the machine has."""
    assert zoneinfo.TZPATH == ()
    assert version("tzdata") >= "2026"


@pytest.mark.parametrize(
    ("zone", "moment", "day"),
    [
        ("America/Vancouver", REPORTED, 15),
        ("America/Edmonton", dt.datetime(2026, 12, 15, 6, 30, tzinfo=dt.UTC), 15),
        ("Africa/Casablanca", dt.datetime(2026, 12, 15, 23, 30, tzinfo=dt.UTC), 15),
    ],
)
def test_rules_that_changed_this_year(zone, moment, day):
    """Where the machine's files are older than the package, the package counts."""
    assert moment.astimezone(zones.find_zone(zone)).day == day


@pytest.mark.parametrize("name", ["Europe/Oslo", "Pacific/Apia", "Africa/Casablanca", "America/Vancouver", "UTC"])
def test_transitions_are_those_of_the_zone(name):
    """Each offset holds from its change on, to the second."""
    zone = zones.find_zone(name)
    moments, offsets = zones.transitions(zone)
    assert len(offsets) == len(moments) + 1
    second = dt.timedelta(seconds=1)
    for place, moment in enumerate(moments):
        assert zones.offset_at(zone, moment - second) == offsets[place]
        assert zones.offset_at(zone, moment) == offsets[place + 1]


def test_a_span_names_no_more_changes_than_it_holds():
    """Two days in summer need one offset alone."""
    zone = zones.find_zone("Europe/Oslo")
    moments, offsets = zones.transitions(zone, zones.span_of([dt.date(2026, 7, 1), dt.date(2026, 7, 2)]))
    assert (moments, offsets) == ((), (dt.timedelta(hours=2),))
    moments, offsets = zones.transitions(zone, zones.span_of([dt.date(2026, 3, 29)]))
    assert moments == (dt.datetime(2026, 3, 29, 1, tzinfo=dt.UTC),)
    assert zones.span_of([]) is None


def test_a_day_begins_where_the_clock_skips_midnight():
    """In Beirut the clock goes from 24:00 to 1:00 when summer begins."""
    zone = zones.find_zone("Asia/Beirut")
    assert zones.start_of_day(dt.date(2026, 3, 29), zone).astimezone(dt.UTC).hour == 22
    assert zones.find_zone("Mars/Olympus") is None
    assert zones.find_zone("../../etc/passwd") is None


@pytest.mark.parametrize("name", ["Europe/Oslo", "Asia/Beirut", "Africa/Casablanca", "UTC", "America/Sao_Paulo"])
def test_midnights_have_the_offset_by_which_their_day_begins(name):
    """A day that begins when the clock changes begins as `start_of_day` has it."""
    zone = zones.find_zone(name)
    changes, offsets = zones.midnights(zone)
    for day in (dt.date(1971, 1, 1) + dt.timedelta(days=step) for step in range(0, 40_000, 13)):
        local = int(dt.datetime.combine(day, dt.time(), dt.UTC).timestamp())
        offset = offsets[sum(change <= local for change in changes)]
        assert local - offset == zones.start_of_day(day, zone).timestamp()
