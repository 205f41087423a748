"""Which contact and account a lead is found to be of (INTAKE-4)."""

import pytest

from kanal.entities.intake.tests.test_actions import handled, make_source
from kanal.entities.leads.tests.factories import make, make_account, make_user

pytestmark = pytest.mark.django_db


def make_contact(**values):
    return make("contacts", **{"first_name": "Anna", "last_name": "Berg", **values})


def test_intake_4_a_known_contact_and_its_account_are_linked():
    account = make_account(organization="Nordlys AS")
    contact = make_contact(account=account.pk, email="anna@nordlys.example", mobile="+4722334455")
    lead = handled(make_source(), {"name": "Anna Berg", "email": "ANNA@nordlys.example"}).lead
    assert (lead.contact, lead.account) == (contact, account)
    by_phone = handled(make_source(), {"name": "Anna Berg", "phone": "0047 22 33 44 55"}).lead
    assert by_phone.contact == contact
    other = handled(make_source(), {"name": "Ole Dahl", "phone": "+47 22334455"})
    assert other.lead.contact is None


@pytest.mark.parametrize(
    ("account", "data"),
    [
        ({"website": "https://www.nordlys.example"}, {"email": "ole@nordlys.example"}),
        ({"email": "post@nordlys.example"}, {"email": "ole@nordlys.example"}),
        ({"registration_number": "923609016"}, {"email": "o@x.example", "registration_number": "923 609 016"}),
        ({"vat_number": "NO974760673MVA"}, {"email": "o@x.example", "vat_number": "974 760 673 MVA"}),
        ({"vat_number": "NO974760673MVA"}, {"email": "o@x.example", "vat_number": "NO 974 760 673"}),
        ({"vat_number": "NO974760673MVA"}, {"email": "o@x.example", "registration_number": "974760673"}),
        ({"vat_number": "EL094259216"}, {"email": "o@x.example", "vat_number": "GR 094259216"}),
        ({"vat_number": "094259216", "country": "GR"}, {"email": "o@x.example", "vat_number": "EL094259216"}),
        ({"vat_number": "CHE-107.787.577 MWST"}, {"email": "o@x.example", "vat_number": "CHE-107.787.577"}),
        ({"vat_number": "GB980780684"}, {"email": "o@x.example", "vat_number": "XI 980 7806 84"}),
        ({"website": "https://xn--mnchen-3ya.de"}, {"email": "o@münchen.de"}),
        ({"website": "https://münchen.de"}, {"email": "o@xn--mnchen-3ya.de"}),
        (
            {"website": "https://nordlys.example"},
            {"email": "o@nordlys.example", "website": "https://www.linkedin.com/company/nordlys"},
        ),
        ({"organization": "Gamma, s. r. o.", "city": "Brno"}, {"company": "Gamma", "city": "Brno"}),
        ({"organization": "Nordlys Energi AS", "city": "Tromsø"}, {"company": "Nordlys Energi", "city": "TROMSØ"}),
    ],
)
def test_intake_4_a_known_account_is_linked(account, data):
    made = make_account(**account)
    assert handled(make_source(), data).lead.account == made


@pytest.mark.parametrize(
    ("account", "data"),
    [
        (
            {"website": "https://facebook.com/nordlys"},
            {"website": "https://www.facebook.com/havn", "email": "h@gmail.com"},
        ),
        ({"website": "https://no.linkedin.com/company/x"}, {"website": "linkedin.com/company/y", "phone": "22334455"}),
        ({"website": "https://sites.google.com/view/x"}, {"website": "sites.google.com/view/y", "phone": "22334455"}),
        ({"website": "https://github.com/x"}, {"website": "github.com/y", "phone": "22334455"}),
        ({"website": "https://one.github.io"}, {"website": "https://two.github.io", "phone": "22334455"}),
        ({"organization": "Hall 1 AS", "city": "Oslo"}, {"company": "Hall 2 AS", "city": "Oslo"}),
        ({"organization": "Alfa AS", "city": "Oslo"}, {"company": "Alfa GmbH", "city": "Oslo"}),
        (
            {"vat_number": "974760673", "country": "NO"},
            {"vat_number": "974760673", "country": "DE", "phone": "22334455"},
        ),
    ],
)
def test_intake_4_others_of_a_shared_host_or_a_like_name_are_not_linked(account, data):
    make_account(**account)
    assert handled(make_source(), data).lead.account is None


def test_intake_4_a_domain_of_several_accounts_is_no_proof():
    north, south = (
        make_account(organization=f"Nordlys {name}", website="https://nordlys.example") for name in ("North", "South")
    )
    row = handled(make_source(), {"email": "ole@nordlys.example"})
    assert row.lead.account is None
    suggested = next(step for step in row.steps if step["step"] == "identified")["suggestions"]
    assert {(suggestion["id"], suggestion["reason"]) for suggestion in suggested} == {
        (north.pk, "domain"),
        (south.pk, "domain"),
    }
    assert handled(make_source(), {"email": "o@nordlys.example", "company": "Nordlys South AS"}).lead.account == south


def test_intake_4_lower_scores_are_only_suggested():
    made = make_account(organization="Nordlys Energi AS", city="Tromsø")
    row = handled(make_source(), {"company": "Nordlys Energi", "city": "Oslo"})
    assert row.lead.account is None
    suggested = next(step for step in row.steps if step["step"] == "identified")["suggestions"]
    assert [(suggestion["id"], 0.5 <= suggestion["score"] < 0.9) for suggestion in suggested] == [(made.pk, True)]
    free = make_account(organization="Private", email="someone@gmail.com")
    assert handled(make_source(), {"email": "other@gmail.com"}).lead.account != free


def test_acc_5_private_accounts_and_their_contacts_take_no_part():
    owner = make_user(user_type="administrator")
    account = make_account(organization="Secret AS", email="post@secret.example", city="Oslo")
    contact = make_contact(account=account.pk, email="anna@secret.example")
    type(account).objects.filter(pk=account.pk).update(is_private=True, private_to=owner)
    type(contact).objects.filter(pk=contact.pk).update(private_to=owner)
    row = handled(make_source(), {"email": "anna@secret.example", "company": "Secret AS", "city": "Oslo"})
    assert (row.lead.contact, row.lead.account) == (None, None)
    assert next(step for step in row.steps if step["step"] == "identified")["suggestions"] == []


@pytest.mark.parametrize("by_channel", [False, True])
def test_intake_4_the_archived_account_of_a_contact_is_not_linked(by_channel):
    account = make_account(organization="Nordlys AS", is_archived=True)
    email = "" if by_channel else "anna@nordlys.example"
    contact = make_contact(account=account.pk, email=email)
    if by_channel:
        make("channels", contact=contact.pk, kind="linkedin", value="anna@nordlys.example")
    lead = handled(make_source(), {"name": "Anna Berg", "email": "anna@nordlys.example"}).lead
    assert (lead.contact, lead.account) == (contact, None)
