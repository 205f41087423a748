"""Qualify by code, by form and by API (LEAD-5)."""

import pytest
from django.test import Client

from kanal.core import registry, tokens, writes
from kanal.core.actor import SYSTEM, Actor, ChangeSource
from kanal.core.cache import invalidate
from kanal.core.models import CustomField
from kanal.entities.accounts.models import Account
from kanal.entities.contacts.models import Contact
from kanal.entities.leads import actions as lead_actions
from kanal.entities.leads.tests.factories import make, make_account, make_activity, make_lead, make_user
from kanal.entities.opportunities.models import Opportunity
from kanal.entities.qualification.actions import qualify
from kanal.features.files.actions import attach
from kanal.features.files.models import File
from kanal.kit.errors import Invalid, Refused

pytestmark = pytest.mark.django_db
PERSON = {
    "subject": "Pumps for Tromsø", "first_name": "Anna", "last_name": "Berg", "company": "Nordlys AS",
    "email": "anna@nordlys.example", "phone": "+4722334455", "city": "Tromsø", "country": "NO",
    "value": {"amount": "1200.00", "currency": "EUR"},
}  # fmt: skip


@pytest.fixture
def by():
    return Actor(
        make_user("all", entities=("leads", "opportunities", "accounts", "contacts", "projects", "partners")),
        ChangeSource.FORM,
    )


def test_lead_5_all_three_are_made_and_linked(by):
    lead = make_lead(**PERSON, assignee=by.user_id)
    activity = make_activity(lead=lead.pk)
    attach(registry.get("leads"), lead.pk, "need.txt", b"Two pumps", by=SYSTEM)
    opportunity = qualify(lead, {}, by=by)
    lead.refresh_from_db()
    activity.refresh_from_db()
    account, contact = opportunity.account, opportunity.main_contact
    assert (opportunity.name, opportunity.value, opportunity.origin_lead) == ("Pumps for Tromsø", 1200, lead)
    assert (account.name, account.city, contact.name, contact.account) == ("Nordlys AS", "Tromsø", "Anna Berg", account)
    assert (lead.stage, lead.account, lead.contact, lead.qualified_at is not None) == (
        "qualified",
        account,
        contact,
        True,
    )
    assert (activity.opportunity, activity.account, activity.lead) == (opportunity, account, lead)
    assert File.objects.get(name="need.txt").entity == "opportunities"
    with pytest.raises(Refused):
        qualify(lead, {}, by=by)


def test_lead_5_known_ones_are_linked_and_parts_can_be_left_out(by):
    account = make_account(organization="Nordlys AS")
    opportunity = qualify(make_lead(**PERSON), {"account": {"id": account.pk}, "contact": None}, by=by)
    assert (opportunity.account, opportunity.main_contact, Contact.objects.count()) == (account, None, 0)
    matched = make_lead(subject="More", account=account.pk, project=opportunity.project_id)
    assert qualify(matched, {}, by=by).account == account
    alone = qualify(make_lead(subject="Alone"), {"account": None, "contact": None}, by=by)
    assert (alone.account, Account.objects.count()) == (None, 1)


def test_lead_5_a_private_person_is_a_personal_account_alone(by):
    make("account-types", name="Household", has_personal_name=True, has_organization=False)
    lead = make_lead(first_name="Anna", last_name="Berg", email="anna@gmail.com")
    opportunity = qualify(lead, {}, by=by)
    assert (opportunity.account.name, opportunity.main_contact) == ("Anna Berg", None)


def test_lead_5_nothing_is_made_where_something_is_wrong(by):
    lead = make_lead(**PERSON)
    values = {"opportunity": {"name": ""}, "account": {"email": "no address"}, "contact": {"last_name": ""}}
    with pytest.raises(Invalid) as problem:
        qualify(lead, values, by=by)
    assert set(problem.value.errors) == {"opportunity.name", "account.email"}
    with pytest.raises(Invalid) as problem:
        qualify(lead, {"account": None, "contact": {}}, by=by)
    assert set(problem.value.errors) == {"contact"}
    with pytest.raises(Invalid):
        qualify(lead, {"account": {"id": 99_999_999}}, by=by)
    with pytest.raises(Invalid):
        qualify(lead, {"opportunity": {"is_locked": True}}, by=by)
    lead.refresh_from_db()
    assert (lead.stage, Opportunity.objects.count(), Account.objects.count()) == ("new", 0, 0)


def test_lead_5_required_custom_fields_are_asked_for(by):
    CustomField.objects.create(entity="accounts", key="iban", name="IBAN", kind="text", required=True)
    invalidate()
    lead = make_lead(**PERSON)
    with pytest.raises(Invalid) as problem:
        qualify(lead, {}, by=by)
    assert set(problem.value.errors) == {"account.custom.iban"}
    opportunity = qualify(lead, {"account": {"custom": {"iban": "NO93"}}}, by=by)
    assert opportunity.account.custom == {"iban": "NO93"}


def test_lead_5_a_private_account_can_not_be_named(by):
    owner = make_user(user_type="administrator")
    hidden = make_account()
    Account.objects.filter(pk=hidden.pk).update(is_private=True, private_to=owner)
    with pytest.raises(Invalid):
        qualify(make_lead(**PERSON), {"account": {"id": hidden.pk}}, by=by)


def test_op_lead_02_the_page_is_filled_in_and_stores(by):
    account = make_account(organization="Nordlys AS", website="https://nordlys.example")
    lead = make_lead(**PERSON, assignee=by.user_id)
    client = Client()
    client.force_login(by.user)
    shown = client.get(f"/crm/leads/{lead.pk}/qualify")
    text = shown.content.decode()
    assert shown.status_code == 200
    assert all(word in text for word in ("Pumps for Tromsø", "Nordlys AS", "Berg", f'value="{account.pk}" checked'))
    posted = {entry.name: entry.text for entry in shown.context["form"].entries}
    posted |= {"opportunity.name": "Pumps", "account.choice": account.pk, "contact.choice": "new"}
    posted["contact.last_name"] = ""
    wrong = client.post(f"/crm/leads/{lead.pk}/qualify", posted)
    assert (wrong.status_code, Opportunity.objects.count()) == (422, 0)
    saved = client.post(f"/crm/leads/{lead.pk}/qualify", {**posted, "contact.last_name": "Berg"})
    opportunity = Opportunity.objects.get()
    assert (saved.status_code, saved["Location"]) == (302, f"/crm/opportunities/{opportunity.pk}/")
    assert (opportunity.name, opportunity.account, opportunity.main_contact.last_name) == ("Pumps", account, "Berg")


def test_reopening_a_qualified_lead(by):
    lead = make_lead(**PERSON)
    qualify(lead, {}, by=by)
    lead.refresh_from_db()
    lead_actions.reopen(lead, by=SYSTEM)
    lead.refresh_from_db()
    assert (lead.stage, lead.qualified_at) == ("touched", None)
    writes.change(lead, {"subject": "Again"}, by=SYSTEM)


def test_lead_5_the_api_qualifies_too(by):
    lead = make_lead(**PERSON)
    secret = tokens.create_token(by.user, "test")
    client = Client(headers={"authorization": f"Bearer {secret}"})
    answer = client.post(
        f"/api/v1/leads/{lead.pk}/qualify", {"account": {"organization": "Dal AS"}, "contact": None},
        content_type="application/json",
    )  # fmt: skip
    opportunity = Opportunity.objects.get()
    assert (answer.status_code, answer.json()["id"]) == (200, opportunity.pk)
    assert (opportunity.account.name, opportunity.main_contact) == ("Dal AS", None)
    again = client.post(f"/api/v1/leads/{lead.pk}/qualify", {}, content_type="application/json")
    assert again.status_code == 409
