"""The currency of a new opportunity and of its quotes: what is chosen, else the account's, else the main one."""

import json

import pytest

from kanal.core import registry, tokens, writes
from kanal.core.access.materialized import rebuild_grants
from kanal.core.actor import SYSTEM
from kanal.core.cache import invalidate
from kanal.core.models import Assignment, Role, RoleRule
from kanal.entities.accounts.tests.factories import make
from kanal.entities.opportunities.models import Opportunity
from kanal.entities.quotes.actions import add_rounding, new_quote

pytestmark = pytest.mark.django_db
CASES = [
    ({}, "NOK"), ({"value": None}, "NOK"), ({"value": "1000"}, "NOK"), ({"value": {"amount": "1000"}}, "NOK"),
    ({"value": {"amount": "1000", "currency": "USD"}}, "USD"), ({"value": {"amount": None, "currency": "USD"}}, "USD"),
    ({"value": {"currency": "EUR"}}, "EUR"),
]  # fmt: skip


@pytest.fixture
def admin():
    return make("users", last_name="Admin", username="admin", email="a@kanal.example", user_type="administrator")


@pytest.fixture
def account():
    return make("accounts", organization="Fjord AS", type="account", country="NO")


@pytest.fixture
def project():
    return make("projects", name="North", modules=["crm"])


@pytest.mark.parametrize(("given", "currency"), CASES)
def test_alone_or_together_by_every_writer(account, project, given, currency):
    """QUOTE-1: one rule for one record and for many, whether an amount is given or not."""
    values = {"name": "Deal", "account": account.pk, "project": project.pk, **given}
    entity = registry.get("opportunities")
    alone = writes.create(entity, values, by=SYSTEM)
    writes.create_many(entity, [values] * 4, by=SYSTEM)
    assert set(Opportunity.objects.values_list("currency", flat=True)) == {currency}
    assert new_quote(alone, {"name": "Offer"}, by=SYSTEM).currency == currency
    made = writes.create(registry.get("quotes"), {"name": "Other", "opportunity": alone.pk}, by=SYSTEM)
    assert made.currency == currency


def test_without_an_account_or_a_currency_in_use_it_is_the_main_one(project):
    for country in ("", "IS"):
        account = make("accounts", organization=f"X {country}", type="account", country=country)
        made = make("opportunities", name="Deal", account=account.pk, project=project.pk, value="5")
        assert made.currency == "EUR"
    assert make("opportunities", name="Deal", project=project.pk, value="5").currency == "EUR"


def test_a_later_account_changes_no_currency(account, project):
    """An amount that is there stays what it is, whoever the customer becomes."""
    made = make("opportunities", name="Deal", project=project.pk, value="5")
    assert writes.change(made, {"account": account.pk}, by=SYSTEM).currency == "EUR"
    assert writes.change(made, {"value": "6"}, by=SYSTEM).currency == "EUR"


def test_the_form_shows_it_and_follows_what_is_chosen(client, admin, account, project):
    """QUOTE-1: the currency stands in the form before the amount is typed; an account that is chosen later tells it."""
    client.force_login(admin)
    page = client.get("/crm/opportunities/new", {"account": account.pk}).content.decode()
    assert "<option selected>NOK</option>" in page
    assert 'data-currency-from="account"' in page
    data = client.get("/crm/opportunities/new", {"part": "currency", "account": account.pk}).json()
    assert (data["currency"], "Account" in data["note"]) == ("NOK", True)
    for nobody in ("", "0", "999999", "x", "٣"):
        data = client.get("/crm/opportunities/new", {"part": "currency", "account": nobody}).json()
        assert data["currency"] == "EUR"


@pytest.mark.parametrize(
    ("typed", "currency"),
    [
        ({"value": "", "value_currency": "EUR"}, "NOK"), ({"value": "", "value_currency": "USD"}, "USD"),
        ({"value": "1000", "value_currency": "EUR"}, "EUR"), ({"value": "1000", "value_currency": "NOK"}, "NOK"),
    ],
)  # fmt: skip
def test_a_form_without_scripts_keeps_what_was_chosen(client, admin, account, project, typed, currency):
    """The currency that a form shows of itself is no choice as long as no amount is in it."""
    client.force_login(admin)
    status = Opportunity._meta.get_field("status").related_model.objects.get(key="new")
    posted = {"name": "Deal", "account": account.pk, "project": project.pk, "status": status.key,
              "forecast_category": "pipeline", **typed}  # fmt: skip
    answer = client.post("/crm/opportunities/new", posted)
    assert answer.status_code == 302, answer.content.decode()
    assert Opportunity.objects.get().currency == currency


def test_nobody_learns_of_a_country_by_the_currency(client, account, project):
    """SEC-1: an account that one may not see tells nothing."""
    seller = make("users", last_name="S", username="s", email="s@kanal.example", user_type="regular")
    role = Role.objects.create(key="own", name="Own")
    RoleRule.objects.create(role=role, entity="opportunities", visibility="own", actions=["view", "add"])
    RoleRule.objects.create(role=role, entity="accounts", visibility="own", actions=["view"])
    Assignment.objects.create(role=role, user=seller)
    rebuild_grants()
    invalidate()
    client.force_login(seller)
    response = client.get("/crm/opportunities/new", {"part": "currency", "account": account.pk})
    assert response.json()["currency"] == "EUR"


def test_an_action_reads_a_plain_amount_in_the_records_currency(client, admin, account, project):
    """API-1: what a copy is worth is in the currency of what it copies."""
    made = make("opportunities", name="Deal", account=account.pk, project=project.pk, value="10")
    headers = {"Authorization": f"Bearer {tokens.create_token(admin, 't')}"}
    payload = {"name": "B", "value": "25.50", "project": project.pk, "account": account.pk}
    answer = client.post(f"/api/v1/opportunities/{made.pk}/copy", json.dumps(payload),
                         content_type="application/json", headers=headers)  # fmt: skip
    assert (answer.status_code, answer.json()["value"]) == (200, {"amount": "25.50", "currency": "NOK"})


def test_rows_of_a_quote_are_in_its_currency(account, project):
    """QUOTE-3: a rounding item, plain prices by record and by verb, in a quote that is not in the main currency."""
    deal = make("opportunities", name="Deal", account=account.pk, project=project.pk)
    quote = new_quote(deal, {"name": "Offer", "items": [{"name": "Travel", "unit_price": "99.50"}]}, by=SYSTEM)
    add_rounding(quote, {"step": "10"}, by=SYSTEM)
    values = {"quote": quote.pk, "name": "Hotel", "unit_price": "20"}
    writes.create(registry.get("quote-items"), values, by=SYSTEM)
    writes.create_many(registry.get("quote-items"), [values] * 4, by=SYSTEM)
    assert set(quote.items.values_list("currency", flat=True)) == {"NOK"}
