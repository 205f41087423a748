"""Numbers, money and percentages from outside (IMP-1a): what is written, and what can be read in two ways."""

from contextlib import suppress
from decimal import Decimal

import pytest
from babel.numbers import format_decimal
from hypothesis import given
from hypothesis import strategies as st

from kanal.kit.errors import Ambiguous, Invalid
from kanal.kit.reading.money import Amount, read_money
from kanal.kit.reading.numbers import read_number
from kanal.kit.reading.percent import read_percent

LOCALES = {"en": ".", "de": ",", "nb": ",", "cs": ",", "es": ",", "fr": ",", "de_CH": ".", "en_IN": ".", "pl": ","}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("5000,-", "5000"), ("5.000,-", "5000"), ("1'200.-", "1200"), ("1.200.-", "1200"), ("(1,234.56)", "-1234.56"),
        ("1'234.50", "1234.5"),
        ("1.234.567", "1234567"), ("5000-", "-5000"), ("\u22125", "-5"), ("1\u00a0234,56", "1234.56"),
        ("1\u202f234,56", "1234.56"), ("12,34,567.00", "1234567"), ("0.500", "0.5"), (" +7 ", "7"), ("-0", "0"),
        ("\uff11\uff12", "12"), ("\u0663\u0664\u066b\u0665", "34.5"), ("\u200e1234.5", "1234.5"), (".5", "0.5"),
    ],
)  # fmt: skip
def test_one_reading(text, value):
    assert read_number(text) == Decimal(value)
    assert read_number(text, ".") == read_number(text, ",") == Decimal(value)


@pytest.mark.parametrize(
    ("text", "point", "comma"), [("1.250", "1.25", "1250"), ("12.500", "12.5", "12500"), ("1,234", "1234", "1.234")]
)
def test_two_readings(text, point, comma):
    with pytest.raises(Ambiguous) as raised:
        read_number(text)
    assert set(raised.value.readings) == {point, comma}
    assert read_number(text, ".") == Decimal(point)
    assert read_number(text, ",") == Decimal(comma)


@pytest.mark.parametrize(
    "text", ["", "-", "12k", "1.2.3", "1,23,4", "1 2", "1.234,5,6", "abc", "1e5", "--5", "()", "9" * 61]
)
def test_no_number(text):
    with pytest.raises(Invalid) as raised:
        read_number(text)
    assert not isinstance(raised.value, Ambiguous)


@given(st.decimals(min_value=-(10**12), max_value=10**12, places=2), st.sampled_from(sorted(LOCALES)))
def test_what_a_locale_writes_is_read(value, locale):
    assert read_number(format_decimal(value, locale=locale), LOCALES[locale]) == value


@given(st.text(max_size=30))
def test_any_text_is_read_or_refused(text):
    for read in (read_number, read_money, read_percent):
        with suppress(Invalid):
            read(text)


@pytest.mark.parametrize(
    ("text", "amount", "currency"),
    [
        ("€1,234.56", "1234.56", "EUR"), ("1.234,56 €", "1234.56", "EUR"), ("EUR 5", "5", "EUR"), ("-€5", "-5", "EUR"),
        ("(€5.00)", "-5", "EUR"), ("CHF 5.50", "5.5", "CHF"), ("SFr. 1'200.-", "1200", "CHF"),
        ("1 200 Kč", "1200", "CZK"),
        ("US$1,000.00", "1000", "USD"), ("12.5", "12.5", "SEK"), ("1 234,56 kr", "1234.56", "SEK"),
        ("kr. 1.200,-", "1200", "SEK"), ("12 zł", "12", "PLN"),
    ],
)  # fmt: skip
def test_money(text, amount, currency):
    assert read_money(text, "SEK") == Amount(Decimal(amount), currency)


def test_a_shared_sign_needs_its_context():
    for text in ("1 234,56 kr", "$5"):
        with pytest.raises(Ambiguous):
            read_money(text, "EUR")
    assert read_money("$5", "EUR", in_use=["EUR", "CAD"]).currency == "CAD"
    with pytest.raises(Ambiguous):
        read_money("$5", "EUR", in_use=["USD", "CAD"])
    with pytest.raises(Ambiguous, match=r"1\.250 kr"):
        read_money("1.250 kr", "NOK")


@pytest.mark.parametrize("text", ["", "€", "abc", "10 %", "5 apples", "EUR"])
def test_no_money(text):
    with pytest.raises(Invalid):
        read_money(text)


@pytest.mark.parametrize(
    ("text", "value"), [("50 %", "50"), ("50,5", "50.5"), ("0.5 %", "0.5"), ("0", "0"), ("75%", "75")]
)
def test_percent(text, value):
    assert read_percent(text) == Decimal(value)


def test_a_half_or_half_a_percent():
    with pytest.raises(Ambiguous) as raised:
        read_percent("0.5")
    assert raised.value.readings == ("0.5 %", "50 %")
    assert read_percent("0.5", scale="fraction") == 50
    assert read_percent("0.5", scale="percent") == Decimal("0.5")
    assert read_percent("7,5 %", scale="fraction") == Decimal("7.5")


@pytest.mark.parametrize(
    "text", ["12,5 %", "12.5pct", "12,5 Prozent", "12.5 percent", "12,5 prosent", "12.5 per cent", "12,5 procent"]
)
def test_percentages_by_their_word(text):
    assert read_percent(text) == Decimal("12.5")


@pytest.mark.parametrize(
    ("text", "currency"),
    [("12,50 TL", "TRY"), ("1200 円", "JPY"), ("12 £", "GBP"), ("E£ 12", "EGP"), ("NT$ 12", "TWD")],
)
def test_more_marks_of_currencies(text, currency):
    assert read_money(text).currency == currency
