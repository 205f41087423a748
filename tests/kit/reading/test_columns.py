"""A column is understood as a whole, or somebody is asked (IMP-1a)."""

from hypothesis import given
from hypothesis import strategies as st

from kanal.kit.reading.columns import date_order_of, decimal_sign_of, percent_scale_of
from kanal.kit.reading.numbers import read_number


def test_one_row_tells_the_sign_of_all():
    assert decimal_sign_of(["1.250", "12.500", "", "1,5"]).value == ","
    assert decimal_sign_of(["1,250", "12.5 €"]).value == "."
    assert decimal_sign_of(["1.250", "1.234.567"]).value == ","


def test_a_column_that_nobody_can_tell_is_ambiguous():
    guess = decimal_sign_of(["1.250", "12", "300"])
    assert (guess.value, guess.ambiguous) == ("", ("1.250",))
    assert decimal_sign_of(["1.234,56", "1,234.56", "1.234"]).is_ambiguous
    assert not decimal_sign_of(["1.234,56", "1,234.56", "12"]).is_ambiguous


def test_what_is_no_number_is_named():
    assert decimal_sign_of(["12", "n/a", "?"]).unreadable == ("n/a", "?")


def test_dates():
    assert date_order_of(["01/02/2026", "31/12/2026"]).value == "dmy"
    assert date_order_of(["01/02/2026", "12/31/2026", "0/0/00"]).value == "mdy"
    assert date_order_of(["01/02/2026", "2026-12-31", "31.12.2026"]).ambiguous == ("01/02/2026",)
    assert not date_order_of(["03/03/2026", "1.2.2026"]).is_ambiguous
    assert date_order_of(["1/2/2026", "31/12/2026", "12/31/2026"]).is_ambiguous


def test_percentages():
    assert percent_scale_of(["0.5", "25", "100"]).value == "percent"
    assert percent_scale_of(["0.5", "1"]).ambiguous == ("0.5", "1")
    assert percent_scale_of(["0.5 %", "1"]).value == "percent"
    assert percent_scale_of(["0", ""]).value == "percent"


@given(
    st.lists(st.decimals(min_value=-(10**9), max_value=10**9, places=2), min_size=1, max_size=20), st.sampled_from(".,")
)
def test_two_decimals_make_a_column_certain(values, sign):
    other = "," if sign == "." else "."
    texts = [f"{value:,.2f}".translate({ord("."): sign, ord(","): other}) for value in values]
    guess = decimal_sign_of(texts)
    assert guess.value == sign
    assert [read_number(text, guess.value) for text in texts] == values
