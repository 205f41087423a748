"""Decisions about accounts that need no database (ACCT-1, ACCT-2)."""

from types import SimpleNamespace as Plain

import pytest

from kanal.entities.accounts.relations import unfold
from kanal.entities.accounts.rules import name_of
from kanal.kit.errors import Invalid
from kanal.kit.registrations import normalize_iban, normalize_vat, tidy_vat


def account(*, organization="", first="", last="", company=True):
    kind = Plain(has_organization=company, has_personal_name=not company)
    return Plain(organization=organization, first_name=first, last_name=last, type_id=1, type=kind)


def test_acct_1_the_type_decides_what_the_name_is():
    assert name_of(account(organization="Nordlys AS", last="Berg")) == "Nordlys AS"
    assert name_of(account(organization="Nordlys AS", first="Anna", last="Berg", company=False)) == "Anna Berg"


@pytest.mark.parametrize(
    ("typed", "country", "stored"),
    [
        ("DE 123 456 789", "", "DE123456789"),
        ("123456789", "DE", "DE123456789"),
        ("no 987.654.321 MVA", "", "NO987654321MVA"),
        ("GR123456789", "GR", "EL123456789"),
        ("12-3456789", "US", "123456789"),
    ],
)
def test_acct_2_vat_numbers_have_one_form(typed, country, stored):
    assert normalize_vat(typed, country) == stored
    assert tidy_vat(typed, country) == stored


@pytest.mark.parametrize(("typed", "country"), [("DE12345", ""), ("12345", "DE"), ("?", "US")])
def test_acct_2_a_vat_number_of_no_possible_form_is_refused(typed, country):
    with pytest.raises(Invalid):
        normalize_vat(typed, country)


def test_acct_2_iban_is_checked_by_its_digits():
    assert normalize_iban("NO93 8601 1117 947") == "NO9386011117947"
    for wrong in ("NO93 8601 1117 948", "", "NO93", "²²"):
        with pytest.raises(Invalid):
            normalize_iban(wrong)


def test_acct_5_a_circle_of_accounts_unfolds_once():
    first, second = Plain(pk=1), Plain(pk=2)
    assert [row["account"].pk for row in unfold({9: [first], 1: [second], 2: [first]}, 9, 0, None)] == [1, 2, 1]
