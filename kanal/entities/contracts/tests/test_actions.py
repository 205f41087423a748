"""The verbs of contracts (CON-3)."""

import pytest

from kanal.core import registry
from kanal.core.actor import SYSTEM
from kanal.core.context import today
from kanal.entities.contracts import actions
from kanal.entities.contracts.entity import running
from kanal.entities.pricebooks.models import ProductCategory
from kanal.entities.quotes.tests.factories import make, shop

pytestmark = pytest.mark.django_db


@pytest.fixture
def contract():
    of = shop()
    return make(
        "contracts", name="CRM licence", type="software", opportunity=of.opportunity.pk, account=of.account.pk,
        project=of.project.pk, value={"amount": "100", "currency": "NOK"}, end="2030-01-31",
    )  # fmt: skip


def test_a_delivered_contract_with_a_term_is_active(contract):
    actions.mark_delivered(contract, {}, by=SYSTEM)
    contract.refresh_from_db()
    assert (contract.status, contract.delivered_on) == ("active", today())


def test_the_figure_of_running_contracts_forgets_those_that_ended(contract):
    """ACCT-6: what runs today, and the next end as a reader writes it."""
    admin = make("users", last_name="Admin", username="admin", email="a@kanal.example", user_type="administrator")
    actions.mark_delivered(contract, {}, by=SYSTEM)
    assert running(contract.account, admin) == "1 · next end 31 Jan 2030"
    type(contract).objects.update(end="2020-01-31")
    assert running(contract.account, admin) is None
    type(contract).objects.update(end=None)
    assert running(contract.account, admin) == "1"


def test_a_cancelled_contract_keeps_day_and_reason(contract):
    actions.cancel(contract, {"cancel_reason": "Moved away"}, by=SYSTEM)
    contract.refresh_from_db()
    assert (contract.status, contract.cancel_reason, contract.end) == (
        "cancelled", "Moved away", today(),
    )  # fmt: skip


def test_an_upsell_is_prefilled_and_offered_for_time_based_contracts_only(contract):
    made = actions.new_upsell_opportunity(contract, {}, by=SYSTEM)
    assert (made.account, made.value, made.currency, made.opportunity_type.key) == (
        contract.account,
        100,
        "NOK",
        "upsell",
    )
    assert str(made.expected_close_date) == "2030-01-31"
    offered = registry.get("contracts").action("new-upsell-opportunity").hidden
    assert not offered(contract)
    contract.type = ProductCategory.objects.get(key="change")
    assert offered(contract)
