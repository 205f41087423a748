"""Money: exactness, rounding, shares, conversion, writing and reading."""

import re
from decimal import Decimal

import pytest
from babel.numbers import format_currency
from hypothesis import given
from hypothesis import strategies as st

from kanal.kit.currencies import digits
from kanal.kit.errors import Invalid
from kanal.kit.money import Money, convert, round_to_currency, round_to_step, share, total_of
from kanal.kit.numbers import format_money, format_number, locale_of, money_brief, money_total, parse_decimal

amounts = st.decimals(min_value=-(10**15), max_value=10**15, places=2)
weights = st.lists(st.decimals(min_value=0, max_value=10_000, places=4), min_size=1, max_size=30).filter(any)


@given(amounts, weights)
def test_shares_sum_to_the_whole_and_none_is_off_by_a_cent(total, parts):
    shares = share(total, parts)
    assert sum(shares) == total
    for part, weight in zip(shares, parts, strict=True):
        assert abs(part * sum(parts) - total * weight) < Decimal("0.01") * sum(parts)


@given(amounts, st.integers(1, 30))
def test_equal_weights_differ_by_a_cent_at_most(total, count):
    shares = share(total, [1] * count)
    assert max(shares) - min(shares) <= Decimal("0.01")


def test_shares_of_a_finer_or_negative_total():
    assert share(Decimal(100), [1, 1, 1]) == [Decimal("33.34"), Decimal("33.33"), Decimal("33.33")]
    assert share(Decimal("-0.05"), [50, 50]) == [Decimal("-0.03"), Decimal("-0.02")]
    assert sum(share(Decimal("0.0001"), [1, 2])) == Decimal("0.0001")
    assert Money(Decimal(10), "JPY").shares([33, 33, 33]) == [Money(Decimal(n), "JPY") for n in (4, 3, 3)]


@pytest.mark.parametrize("bad", [[], [0, 0], [1, -1]])
def test_senseless_weights_are_refused(bad):
    with pytest.raises(ValueError, match="weights"):
        share(Decimal(1), bad)


@pytest.mark.parametrize(
    ("amount", "currency", "rounded"),
    [
        ("2.345", "EUR", "2.34"),
        ("2.355", "EUR", "2.36"),
        ("2.5", "JPY", "2"),
        ("3.5", "JPY", "4"),
        ("1.0005", "KWD", "1"),
    ],
)
def test_rounding_is_half_to_even(amount, currency, rounded):
    assert round_to_currency(Decimal(amount), currency) == Decimal(rounded)


def test_digits_and_steps():
    assert (digits("JPY"), digits("EUR"), digits("KWD")) == (0, 2, 3)
    assert round_to_step(Decimal("1234.56"), Decimal(50)) == 1250
    assert round_to_step(Decimal("-1.025"), Decimal("0.05")) == Decimal("-1.00")
    with pytest.raises(ValueError, match="positive"):
        round_to_step(Decimal(1), Decimal(0))


@given(amounts, amounts)
def test_adding_and_subtracting_undo_each_other(a, b):
    first, two = Money(a, "EUR"), Money(b, "EUR")
    assert first + two - two == first
    assert total_of([first, two], "EUR") == first + two


def test_currencies_do_not_meet():
    with pytest.raises(Invalid):
        Money(Decimal(1), "EUR") + Money(Decimal(1), "USD")
    with pytest.raises(TypeError):
        Money(1.5, "EUR")
    with pytest.raises(TypeError):
        Money(Decimal(1), "EUR") * 1.5
    with pytest.raises(ValueError, match="capital"):
        Money(Decimal(1), "euro")


def test_conversion_goes_by_rates_to_the_main_currency():
    rates = {"EUR": Decimal(1), "USD": Decimal("1.25"), "JPY": Decimal("160.5")}
    assert convert(Money(Decimal(100), "USD"), "EUR", rates) == Money(Decimal("80.00"), "EUR")
    assert convert(Money(Decimal("2.50"), "USD"), "JPY", rates) == Money(Decimal(321), "JPY")
    with pytest.raises(Invalid, match="NOK"):
        convert(Money(Decimal(1), "EUR"), "NOK", rates)


@given(
    st.decimals(min_value=-(10**12), max_value=10**12, places=4),
    st.sampled_from(["EUR", "USD", "JPY", "KWD", "INR"]),
    st.sampled_from(["en", "de", "fr", "de_CH", "hi", "sv", "nb", "ar", "pt-br", "zh-hans", "en_IN", "nonsense"]),
)
def test_written_money_is_what_babel_writes(amount, currency, language):
    written = format_currency(round_to_currency(amount, currency) + 0, currency, locale=locale_of(language))
    expected = re.sub(r"(?<=[^\W\d_])(?=\d)", "\u00a0", written)  # CLDR's space between a code and its amount
    assert format_money(amount, currency, language) == expected


@pytest.mark.parametrize(
    ("amount", "currency", "language", "brief", "total"),
    [
        ("4256409.0000", "EUR", "en", "€4,256,409", "€4,256,409"),
        ("4256409.5", "EUR", "en", "€4,256,409.50", "€4,256,410"),
        ("1234567", "EUR", "de", "1.234.567\xa0€", "1.234.567\xa0€"),
        ("999.99", "EUR", "en", "€999.99", "€999.99"),
        ("-14", "NOK", "en", "-NOK\xa014", "-NOK\xa014"),
        ("-1500.25", "USD", "en", "-$1,500.25", "-$1,500"),
        ("0.0000", "EUR", "en", "€0", "€0"),
        ("0.004", "EUR", "en", "€0.00", "€0.00"),
        ("12.5", "JPY", "en", "¥12", "¥12"),
        ("12.5", "KWD", "en", "KWD\xa012.500", "KWD\xa012.500"),
        ("12345678.00", "INR", "hi", "₹1,23,45,678", "₹1,23,45,678"),
    ],
)
def test_brief_money_has_decimals_only_if_it_needs_them(amount, currency, language, brief, total):
    assert money_brief(Decimal(amount), currency, language) == brief
    assert money_total(Decimal(amount), currency, language) == total


def test_numbers_keep_their_decimals():
    assert format_number(Decimal("1234.50"), "de") == "1.234,5"
    assert format_number(1_000_000, "en") == "1,000,000"
    assert format_number(Decimal("0.125"), "en", places=2) == "0.12"


@pytest.mark.parametrize(
    ("text", "locale", "value"),
    [
        ("1.234,56", "de", "1234.56"),
        ("1 234,56", "fr", "1234.56"),
        ("1,234.56", "en", "1234.56"),
        ("1234.56", "de", "1234.56"),
        ("1.234", "de", "1234"),
        ("1'234.50", "de_CH", "1234.50"),
        ("12,34,567.8", "en_IN", "1234567.8"),
        ("\u22125", "nb", "-5"),
        ("12.34", "nb", "12.34"),
        (".5", "en", "0.5"),
        ("1,5", "en", "1.5"),
        ("1,250", "en", "1250"),
        ("5000,-", "nb", "5000"),
    ],
)
def test_numbers_are_read_as_typed(text, locale, value):
    assert parse_decimal(text, locale) == Decimal(value)


@pytest.mark.parametrize(
    ("text", "locale"),
    [
        ("", "en"),
        ("abc", "en"),
        ("1.250", "nb"),
        ("1.2.3", "de"),
        ("1e5", "en"),
        ("NaN", "en"),
        (".", "en"),
        ("9" * 50, "en"),
    ],
)
def test_what_is_no_number_or_could_be_two_is_refused(text, locale):
    with pytest.raises(Invalid):
        parse_decimal(text, locale)


@given(
    st.decimals(min_value=-(10**9), max_value=10**9, places=3), st.sampled_from(["en", "de", "fr", "nb", "hi", "de_CH"])
)
def test_a_written_number_reads_back(value, language):
    assert parse_decimal(format_number(value, language), language) == value
