"""Which known records a lead may be: page and API choose the same, nothing that is only similar (LEAD-5)."""

import pytest
from django.test import Client

from kanal.core import tokens
from kanal.entities.accounts.models import Account
from kanal.entities.leads.tests.factories import make_account, make_lead, make_user
from kanal.entities.opportunities.models import Opportunity

pytestmark = pytest.mark.django_db
PERSON = {"first_name": "Anna", "last_name": "Berg", "company": "Nordlys AS", "city": "Oslo", "phone": "+4722334455"}


@pytest.fixture
def user():
    return make_user("all", entities=("leads", "opportunities", "accounts", "contacts", "projects", "partners"))


def by_page(user, lead, **posted):
    client = Client()
    client.force_login(user)
    shown = client.get(f"/crm/leads/{lead.pk}/qualify")
    parts = {part.key: part for part in shown.context["parts"]}
    values = {entry.name: entry.text for entry in shown.context["form"].entries}
    values |= {f"{key}.choice": part.choice for key, part in parts.items() if key != "opportunity"} | posted
    return shown.content.decode(), client.post(f"/crm/leads/{lead.pk}/qualify", values)


def by_api(user, lead, values=None):
    token = tokens.create_token(user, "test")
    return Client().post(
        f"/api/v1/leads/{lead.pk}/qualify", values or {}, content_type="application/json",
        headers={"authorization": f"Bearer {token}"},
    )  # fmt: skip


def account_of(lead):
    opportunity = Opportunity.objects.filter(origin_lead=lead).first()
    return opportunity and opportunity.account


def pairs(**values):
    """Return two leads of the same values, in one project."""
    first = make_lead(**{**PERSON, **values})
    return first, make_lead(**{**PERSON, **values}, project=first.project_id)


EXACT = [
    ({"email": "post@nordlys.example"}, {"email": "anna@nordlys.example"}),
    ({"vat_number": "NO974760673MVA"}, {"vat_number": "NO 974 760 673"}),
    ({"organization": "Nordlys", "city": "Oslo"}, {}),
]
SIMILAR = [
    ({"organization": "Nordlys AS", "city": "Bergen"}, {}),
    ({"organization": "Nordlys Energi AS", "city": "Oslo"}, {}),
    ({"organization": "Hall 1 AS", "city": "Oslo"}, {"company": "Hall 2 AS"}),
]


@pytest.mark.parametrize(("account", "values"), EXACT)
def test_an_exact_account_is_taken_by_page_and_api(user, account, values):
    known = make_account(**account)
    first, second = pairs(**values)
    text, answer = by_page(user, first)
    assert (answer.status_code, account_of(first)) == (302, known)
    assert "100 %" in text
    assert by_api(user, second).status_code in (200, 201)
    assert account_of(second) == known


@pytest.mark.parametrize(("account", "values"), SIMILAR)
def test_a_similar_account_is_only_offered(user, account, values):
    known = make_account(**account)
    first, second = pairs(**values)
    text, answer = by_page(user, first)
    assert (answer.status_code, account_of(first) == known) == (302, False)
    assert (known.name in text) == ("Hall" not in known.name)
    assert by_api(user, second, {"contact": None}).status_code in (200, 201)
    assert account_of(second) != known


def test_of_several_exact_ones_somebody_says_which(user):
    account, other = (make_account(organization=f"Nordlys {name}", phone="+4722334455") for name in ("North", "South"))
    first, second = pairs()
    text, answer = by_page(user, first)
    assert (answer.status_code, account_of(first)) == (422, None)
    assert "North" in text
    refused = by_api(user, second)
    assert (refused.status_code, account_of(second)) == (422, None)
    assert str(account.pk) in refused.content.decode()
    assert by_page(user, first, **{"account.choice": str(other.pk)})[1].status_code == 302
    assert by_api(user, second, {"account": {"id": account.pk}}).status_code in (200, 201)
    assert (account_of(first), account_of(second)) == (other, account)


def test_another_account_can_be_searched_for(user):
    known = make_account(organization="Somebody else")
    lead = make_lead(**PERSON)
    _text, answer = by_page(user, lead, **{"account.choice": "known", "account.known": ""})
    assert (answer.status_code, "Choose a record." in answer.content.decode()) == (422, True)
    answer = by_page(user, lead, **{"account.choice": "known", "account.known": str(known.pk)})[1]
    assert (answer.status_code, account_of(lead)) == (302, known)


def test_an_account_that_may_not_be_seen_is_not_chosen(user):
    owner = make_user(user_type="administrator")
    hidden = make_account(organization="Secret", email="post@nordlys.example")
    Account.objects.filter(pk=hidden.pk).update(is_private=True, private_to=owner)
    first, second = pairs(email="anna@nordlys.example")
    text, answer = by_page(user, first)
    assert ("Secret" in text, answer.status_code) == (False, 302)
    assert by_api(user, second).status_code in (200, 201)
    assert hidden not in (account_of(first), account_of(second))
