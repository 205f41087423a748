"""Days and moments as people of each language read them."""

import datetime as dt

import pytest

from kanal.kit.writing import brief_moment, written_day, written_moment

TODAY = dt.date(2026, 11, 23)


@pytest.mark.parametrize(
    ("language", "this_year", "earlier"),
    [
        ("en", "3 Nov 06:05", "3 Jun 2025"),
        ("nb", "3. nov. 06:05", "3. juni 2025"),
        ("de", "3. Nov. 06:05", "03.06.2025"),
        ("cs", "3. 11. 06:05", "3. 6. 2025"),
    ],
)
def test_a_moment_is_brief_where_there_is_little_room(language, this_year, earlier):
    assert brief_moment(dt.datetime(2026, 11, 3, 6, 5), TODAY, language) == this_year
    assert brief_moment(dt.datetime(2025, 6, 3, 6, 5), TODAY, language) == earlier


def test_a_moment_is_a_day_and_its_time():
    moment = dt.datetime(2026, 11, 3, 6, 5)
    assert written_moment(moment, "en") == f"{written_day(moment.date(), 'en')} 06:05" == "3 Nov 2026 06:05"
