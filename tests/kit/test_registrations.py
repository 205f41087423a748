"""Numbers of companies: every usual spelling is one number (INTAKE-4, ACCT-2)."""

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kanal.kit.errors import Invalid
from kanal.kit.registrations import normalize_iban, normalize_vat, registration_number, vat_number

SPELLINGS = [
    [("974 760 673 MVA", ""), ("NO 974 760 673", ""), ("NO974760673MVA", ""), ("974760673", "NO"), ("974.760.673", "")],
    [("GR 094259216", ""), ("EL094259216", ""), ("094259216", "GR"), ("EL 94259216", ""), ("094 259 216", "")],
    [
        *(("CHE-107.787.577 MWST", ""), ("CHE-107.787.577", ""), ("CHE107787577TVA", ""), ("107.787.577", "CH")),
        *(("CHE-107.787.577 IVA", ""), ("che-107.787.577 HR/MWST", "CH")),
    ],
    [("GB 980 7806 84", ""), ("XI980780684", ""), ("980780684", "GB"), ("GB980780684001", "")],
    [("BE 428759497", ""), ("BE0428759497", ""), ("0428.759.497", "BE")],
    [("DE 136,695 976", ""), ("136695976", "DE"), ("USt-IdNr.: DE136695976", "")],
    [("NL4495445B01", ""), ("NL004495445B01", "")],
    [("ESA13585625", ""), ("A13585625", "ES"), ("A-13585625", "ES")],
    [("SE556188840401", ""), ("556188-8404 01", "SE")],
]


@pytest.mark.parametrize("spellings", SPELLINGS)
def test_all_spellings_are_one_number(spellings):
    for number, other in combinations([vat_number(*spelling) for spelling in spellings], 2):
        assert number.is_same(other), (number, other)


def test_no_two_of_them_are_the_same():
    for number, other in combinations([vat_number(*spellings[0]) for spellings in SPELLINGS], 2):
        assert not number.is_same(other)
    assert not vat_number("974760673", "NO").is_same(vat_number("974760673", "DE"))
    assert not vat_number("").is_same(vat_number(""))


@pytest.mark.parametrize(
    ("text", "country", "vat"),
    [("974 760 673", "NO", ""), ("Org.nr. 974 760 673", "", ""), ("", "", "NO974760673MVA"), ("", "NO", "974760673")],
)
def test_a_registration_number_may_stand_in_the_vat_number(text, country, vat):
    assert registration_number(text, country, vat).is_same(registration_number("974760673", "NO"))


def test_registration_numbers_of_other_countries():
    assert registration_number("556188-8404", "SE").is_same(registration_number("", "", "SE556188840401"))
    assert registration_number("303265045", "FR").is_same(registration_number("", "", "FR40303265045"))
    assert registration_number("30326504500015", "FR").is_same(registration_number("303 265 045", "FR"))
    assert not registration_number("", "DE", "DE136695976").number


@pytest.mark.parametrize(
    ("typed", "country", "stored"),
    [("GR 094259216", "", "EL094259216"), ("BE428759497", "", "BE0428759497"), ("923609016MVA", "", "923609016MVA")],
)
def test_the_stored_form(typed, country, stored):
    assert normalize_vat(typed, country).endswith(stored)


@given(st.text(max_size=30), st.sampled_from(["", "NO", "DE", "CH", "US", "ES"]))
def test_no_text_breaks_the_reading(text, country):
    number = vat_number(text, country)
    assert number.is_same(number) == bool(number.number)
    registration_number(text, country, text)
    try:
        stored = normalize_vat(text, country)
    except Invalid:
        return
    assert normalize_vat(stored, country) == stored
    assert vat_number(stored, country) == number


def test_an_iban_is_checked():
    assert normalize_iban("de89 3704 0044 0532 0130 00") == "DE89370400440532013000"
    with pytest.raises(Invalid):
        normalize_iban("DE89 3704 0044 0532 0130 01")
