"""Terms of contracts, without a database (CON-1)."""

import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from kanal.core import registry
from kanal.core.fields.registry import native_fields
from kanal.entities.contracts.rules import end_of_term


def test_a_term_ends_the_day_before():
    assert end_of_term(dt.date(2026, 1, 1), 12) == dt.date(2026, 12, 31)
    assert end_of_term(dt.date(2026, 11, 23), 3) == dt.date(2027, 2, 22)
    assert end_of_term(dt.date(2026, 1, 31), 1) == dt.date(2026, 2, 28)


@given(st.dates(dt.date(1990, 1, 1), dt.date(2090, 1, 1)), st.integers(1, 120))
def test_a_term_is_as_long_as_its_months(start, months):
    days = (end_of_term(start, months) - start).days
    assert months * 28 - 1 <= days <= months * 31


def test_a_status_that_is_fixed_has_its_colour():
    """LIST-1: the colour stands beside the column; a status without one is grey."""
    status = next(field for field in native_fields(registry.get("contracts")) if field.key == "status")
    colours = {option.key: option.colour for option in status.options()}
    assert (colours["active"], colours["ended"]) == ("green", "")
