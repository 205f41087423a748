"""Yes and no, countries, choices and phones from outside (IMP-1a)."""

import pytest
from babel import Locale
from hypothesis import given
from hypothesis import strategies as st

from kanal.kit.errors import Ambiguous, Invalid
from kanal.kit.reading.booleans import read_boolean
from kanal.kit.reading.choices import known_by, read_choice
from kanal.kit.reading.countries import read_country
from kanal.kit.reading.phones import read_phone

NONE = {"EU", "UN", "EZ", "ZZ", "XA", "XB", "QO"}
COUNTRIES = [code for code in Locale("nb").territories if len(code) == 2 and code.isalpha() and code not in NONE]


@pytest.mark.parametrize(
    "word",
    [
        "yes",
        "Ja",
        "JA",
        "ano",
        "sí",
        "Oui",
        "true",
        "1",
        "x",
        "on",
        "WAHR",
        "Sann",
        "✔️",
        "✅",
        "[x]",
        "igen",
        "evet",
        "はい",
        "1.0",
    ],
)
def test_yes(word):
    assert read_boolean(word) is True


@pytest.mark.parametrize(
    "word",
    ["no", "Nei", "nein", "NE", "non", "false", "0", "off", "FALSCH", "Usann", "[ ]", "❌", "nem", "hayır", "0,0"],
)
def test_no(word):
    assert read_boolean(word) is False


@pytest.mark.parametrize("word", ["", "maybe", "2", "yes no"])
def test_neither(word):
    with pytest.raises(Invalid):
        read_boolean(word)


@given(st.sampled_from(COUNTRIES), st.sampled_from(["en", "nb", "de", "cs", "es", "fr"]))
def test_each_country_in_each_language(code, language):
    assert read_country(Locale(language).territories.get(code, code)) == code
    assert read_country(code.lower()) == code


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("UK", "GB"), ("U.K.", "GB"), ("England", "GB"), ("Storbritannia", "GB"), ("USA", "US"), ("U.S.A.", "US"),
        ("United States of America", "US"), ("Norge", "NO"), ("Deutschland", "DE"), ("Česká republika", "CZ"),
        ("Czech Republic", "CZ"), ("NOR", "NO"), ("The Netherlands", "NL"), ("Korea, Republic of", "KR"),
        ("Norway (NO)", "NO"), ("NO - Norway", "NO"), ("Elfenbeinküste", "CI"),
        ("日本", "JP"), ("EL", "GR"), ("Czech Rep.", "CZ"),
        ("D", "DE"), ("Hong Kong SAR", "HK"), ("Republik Österreich", "AT"), ("RSA", "ZA"),
        ("Republic of Slovenia", "SI"),
        ("Kongeriket Danmark", "DK"), ("Republic of Korea", "KR"), ("Congo", "CG"),
        ("Russian Federation", "RU"),
    ],
)  # fmt: skip
def test_other_names(text, code):
    assert read_country(text) == code


@pytest.mark.parametrize("text", ["", "Atlantis", "EU", "ZZ", "Norway (SE)"])
def test_no_country(text):
    with pytest.raises(Invalid):
        read_country(text)


def test_choices():
    known = known_by(
        {"business": ["Business account", "Företag"], "other": ["Annet", "Other"], "x": ["Same"], "y": ["same"]}
    )
    for text in ("business", "BUSINESS ACCOUNT", "business-account", "foretag", " Företag "):
        assert read_choice(text, known) == "business"
    assert read_choice("x", known) == "x"
    with pytest.raises(Ambiguous):
        read_choice("SAME", known)
    with pytest.raises(Invalid):
        read_choice("nothing", known)


@pytest.mark.parametrize(
    ("text", "country", "default", "stored"),
    [
        ("33 12 34 56", "DK", "NO", "+4533123456"), ("22 33 44 55", None, "NO", "+4722334455"),
        ("0171 / 1234567", "DE", "NO", "+491711234567"), ("'+420 601 234 567", None, "NO", "+420601234567"),
        ("+49 (0)221 123456", "NO", None, "+49221123456"), ("0044 20 7946 0958", "NO", None, "+442079460958"),
        ("p:+31612345678", "NO", None, "+31612345678"), ("Tel.: 22 33 44 55", "NO", None, "+4722334455"),
    ],
)  # fmt: skip
def test_phones(text, country, default, stored):
    assert read_phone(text, country, default) == stored


@pytest.mark.parametrize("text", ["", "-", "4.7912E+09", "call me"])
def test_no_phone(text):
    with pytest.raises(Invalid):
        read_phone(text, "NO")


@pytest.mark.parametrize(
    ("text", "code"),
    [("🇩🇪", "DE"), ("🇳🇴 Norway", "NO"), ("Deutschland 🇩🇪", "DE"), ("Belgique/België", "BE"), ("Schweiz / Suisse", "CH"),
     ("Bosnia", "BA")],
)  # fmt: skip
def test_a_country_by_its_flag_or_by_several_of_its_names(text, code):
    assert read_country(text) == code


@pytest.mark.parametrize("text", ["Norge/Sverige", "🇳🇴 Sweden", "Germany, Berlin"])
def test_two_countries_are_none(text):
    with pytest.raises(Invalid):
        read_country(text)
