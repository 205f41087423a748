"""Days and moments from outside (IMP-1a)."""

import datetime as dt
import re
from contextlib import suppress
from zoneinfo import ZoneInfo

import pytest
from babel.dates import format_date
from hypothesis import given
from hypothesis import strategies as st

from kanal.kit.errors import Ambiguous, Invalid
from kanal.kit.reading.dates import read_date, read_day_or_moment, read_moment

DAY = dt.date(2026, 12, 31)
OSLO = ZoneInfo("Europe/Oslo")
LANGUAGES = ["en", "nb", "de", "cs", "es", "fr"]


@pytest.mark.parametrize(
    "text",
    [
        "2026-12-31", "2026/12/31", "2026.12.31", "2026. 12. 31.", "20261231", "31.12.2026", "31. 12. 2026", "31.12.26",
        "31/12/2026", "12/31/2026", "12/31/26", "31-12-2026", "December 31, 2026", "Dec 31st, 2026", "31-Dec-26",
        "31 déc. 2026", "31. desember 2026", "31 de diciembre de 2026", "31. prosince 2026", "46387", "46387.5",
        "2026-12-31T00:00:00Z", "2026-12-31 14:30", "31.12.2026 kl. 14.30", "12/31/2026 2:30 PM", "31.12.2026, 14:30",
        "Thursday, December 31, 2026", "Thu, 31 Dec 2026 14:00:00 +0100", "Do., 31. Dez. 2026", "２０２６-12-31",
        "2026年12月31日", "2026. december 31.", "31 декабря 2026 г.", "31 Aralık 2026", "31 грудня 2026",
        "2026-12-31+01:00", "2026-12-31Z", "14:30 31.12.2026", "Thu Dec 31 14:30:00 2026", "1798675200",
        "1798675200000",
        "Thu Dec 31 2026 14:30:00 GMT+0100 (Central European Standard Time)", "quinta-feira, 31 de dezembro de 2026",
    ],
)  # fmt: skip
def test_one_reading(text):
    assert read_date(text) == DAY


@pytest.mark.parametrize(
    "text",
    [
        "0.0.00",
        "00.00.0000",
        "0000-00-00",
        "0000-00-00 00:00:00",
        "0/0/00",
        "1/1/4501",
        "-",
        "0001-01-01T00:00:00",
        "1/1/0001 12:00:00 AM",
        "1900-01-00",
    ],
)
def test_what_programs_write_for_no_day(text):
    assert read_date(text) is None
    assert read_moment(text, None, OSLO) is None


def test_two_readings():
    with pytest.raises(Ambiguous) as raised:
        read_date("03/04/2026")
    assert set(raised.value.readings) == {"2026-04-03", "2026-03-04"}
    assert read_date("03/04/2026", "dmy") == dt.date(2026, 4, 3)
    assert read_date("03/04/2026", "mdy") == dt.date(2026, 3, 4)
    assert read_date("03/03/2026") == dt.date(2026, 3, 3)
    assert read_date("3.4.2026") == dt.date(2026, 4, 3)


def test_years_of_two_digits_lie_in_a_stated_window():
    assert read_date("1.2.49") == dt.date(2049, 2, 1)
    assert read_date("1.2.50") == dt.date(1950, 2, 1)
    assert read_date("1.2.50", first_short_year=1970) == dt.date(2050, 2, 1)


@pytest.mark.parametrize(
    "text",
    ["", "abc", "2026-02-30", "13/13/2026", "31.12.", "05/2026", "2026-W01-1", "31.12.2026 25:00", "12", "99999999"],
)
def test_no_date(text):
    with pytest.raises(Invalid):
        read_date(text)


@given(
    st.dates(dt.date(1950, 1, 1), dt.date(2049, 12, 31)),
    st.sampled_from(LANGUAGES),
    st.sampled_from(["short", "medium", "long", "full"]),
)
def test_what_a_language_writes_is_read(day, language, width):
    order = "mdy" if language == "en" else "dmy"
    assert read_date(format_date(day, width, locale=language), order) == day


@given(st.text(max_size=30))
def test_any_text_is_read_or_refused(text):
    with suppress(Invalid):
        read_date(text, None, OSLO)
        read_moment(text, None, OSLO)


@pytest.mark.parametrize(
    ("text", "utc"),
    [
        ("2026-07-01 14:30", "2026-07-01T12:30"), ("2026-07-01T14:30:00Z", "2026-07-01T14:30"),
        ("1.7.2026 14:30 +0500", "2026-07-01T09:30"), ("1.7.2026", "2026-06-30T22:00"),
        ("Jul 1, 2026 2:30 PM", "2026-07-01T12:30"), ("1.7.2026 14:30 America/New_York", "2026-07-01T18:30"),
    ],
)  # fmt: skip
def test_moments(text, utc):
    assert read_moment(text, None, OSLO) == dt.datetime.fromisoformat(utc).replace(tzinfo=dt.UTC)


def test_the_day_of_a_moment_is_that_of_the_reader():
    assert read_date("2026-12-31T23:30:00Z", zone=OSLO) == dt.date(2027, 1, 1)
    assert read_date("2026-12-31T00:00:00Z", zone=ZoneInfo("America/New_York")) == DAY


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("24.12.2026", dt.date(2026, 12, 24)),
        ("2026-12-24", dt.date(2026, 12, 24)),
        ("24.12.2026 08:00", dt.datetime(2026, 12, 24, 8, tzinfo=ZoneInfo("Pacific/Kiritimati"))),
        ("2026-12-24T08:00Z", dt.datetime(2026, 12, 24, 8, tzinfo=dt.UTC)),
        ("0.0.00", None),
    ],
)
def test_a_day_without_a_time_can_be_a_whole_day(text, expected):
    """HIST-1a: an all-day activity's cell is a day, in whichever zone it is imported."""
    assert read_day_or_moment(text, "dmy", ZoneInfo("Pacific/Kiritimati")) == expected


@pytest.mark.parametrize("text", ["2026-W05", "Q3 2026", "May 2026", "Mai 2026", "2026", "05/2026", "2026-05"])
def test_a_period_is_no_day(text):
    with pytest.raises(Invalid, match="period"):
        read_date(text)


@pytest.mark.parametrize("text", ["until 31.12.2026", "before Dec 31 2026", "31.12.2026 24:30", "2026-W54-1"])
def test_other_words_and_times_make_no_date(text):
    with pytest.raises(Invalid):
        read_date(text)


def test_the_midnight_after_a_day_is_the_next_one():
    assert read_moment("2026-12-31 24:00", None, OSLO) == dt.datetime(2027, 1, 1, tzinfo=OSLO)
    assert read_date("2026-12-31 24:00") == DAY


@pytest.mark.parametrize(
    ("zone", "offset"),
    [
        ("W. Europe Standard Time", 2), ("W. Europe Summer Time", 2), ("pacific standard time", -7), ("US/Pacific", -7),
        ("europe/kiev", 3), ("Asia/Calcutta", 5.5), ("Asia/Kathmandu", 5.75), ("CEST", 2), ("PST", -8), ("EDT", -4),
        ("GMT+0200 (Central European Summer Time)", 2), ("+02:00[Europe/Oslo]", 2), ("[Europe/Oslo]", 2),
        ("Etc/GMT+5", -5), ("America/Argentina/Buenos Aires", -3), ("(EDT)", -4), ("UTC", 0), ("Z", 0),
    ],
)  # fmt: skip
def test_zones_in_every_spelling(zone, offset):
    """HIST-1a: what programs write behind a time, older names and those of Windows too."""
    for text in (f"2026-06-24 08:00 {zone}", f"Wed Jun 24 2026 08:00:00 {zone}", f"Wed, 24 Jun 2026 08:00 {zone}"):
        moment = read_moment(text, None, dt.timezone(dt.timedelta(hours=14)))
        assert moment.utcoffset() == dt.timedelta(hours=offset), text


@pytest.mark.parametrize("zone", ["Mars/Olympus", "BST", "Factory", "W. Mars Standard Time"])
def test_an_unknown_zone_is_named_with_what_to_write(zone):
    """IMP-1a: never guessed."""
    with pytest.raises(Invalid, match="time zone “" + re.escape(zone)):
        read_moment(f"2026-06-24 08:00 {zone}", None, dt.UTC)
