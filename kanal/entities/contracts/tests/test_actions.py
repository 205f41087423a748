"""The verbs of contracts (CON-3)."""

import json
from datetime import date, timedelta

import pytest
import time_machine
from django.utils import timezone

from kanal.core import registry, tokens, writes
from kanal.core.actor import SYSTEM, Actor
from kanal.core.context import today
from kanal.core.entity import FigureValue
from kanal.entities.accounts.tests.factories import make_partner_user
from kanal.entities.contracts import actions
from kanal.entities.contracts.amending import amend
from kanal.entities.contracts.figures import running_contracts, visible_figures
from kanal.entities.contracts.states import keep_states
from kanal.entities.contracts.versions import versions_of
from kanal.entities.pricebooks.models import ProductCategory
from kanal.entities.quotes.tests.factories import make, shop
from kanal.kit.errors import Invalid

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
    assert running_contracts(visible_figures(contract.account, admin), admin) == FigureValue(1, "next end 31 Jan 2030")
    type(contract).objects.update(end="2020-01-31")
    assert running_contracts(visible_figures(contract.account, admin), admin) is None
    type(contract).objects.update(end=None)
    assert running_contracts(visible_figures(contract.account, admin), admin) == FigureValue(1)


def test_a_cancelled_contract_keeps_day_and_reason(contract):
    actions.cancel_contract(contract, {"cancel_reason": "Moved away"}, by=SYSTEM)
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
    offered = registry.action(registry.get("contracts"), "new-upsell-opportunity").hidden
    assert not offered(contract)
    contract.type = ProductCategory.objects.get(key="change")
    assert offered(contract)


def of_terms(contract, **values):
    """Return a contract some columns by the system, and read it anew."""
    writes.update_system_fields(contract, by=SYSTEM, **values)
    contract.refresh_from_db()
    return contract


def test_con_3_an_amendment_holds_from_its_day_and_keeps_the_earlier_version(contract):
    today = timezone.localdate()
    of_terms(contract, start=today, end=None, recurrence="monthly", price="100", term_months=12)
    later = today + timedelta(days=40)
    money = {"amount": "120", "currency": "NOK"}
    actions_of = registry.action(registry.get("contracts"), "amend")
    actions_of.run(contract, {"amended_from": today, "price": money, "reason": "Index"}, by=SYSTEM)
    contract.refresh_from_db()
    assert (contract.price, contract.value, contract.amendment) == (120, 1440, 1)
    actions_of.run(contract, {"amended_from": later, "term_months": 24}, by=SYSTEM)
    contract.refresh_from_db()
    assert (contract.term_months, contract.amendment) == (12, 1), "it waits for its day"
    versions = [
        (version.number, version.is_applied, version.terms["price"]["amount"]) for version in contract.versions.all()
    ]
    assert versions == [(0, True, "100.00"), (1, True, "120.00"), (2, False, "120.00")]
    with time_machine.travel(timezone.now() + timedelta(days=40), tick=False):
        assert keep_states(timezone.localdate()) >= 1
    contract.refresh_from_db()
    assert (contract.term_months, contract.value, contract.amendment) == (24, 2880, 2)
    assert str(contract.end) == contract.versions.last().terms["end"]
    with pytest.raises(Invalid, match="apply from"):
        actions_of.run(contract, {"amended_from": today, "amount": "2"}, by=SYSTEM)
    with pytest.raises(Invalid, match="NOK"):
        actions_of.run(contract, {"amended_from": later, "price": {"amount": "1", "currency": "EUR"}}, by=SYSTEM)


def test_con_1_nothing_but_the_verbs_changes_the_terms(contract, client):
    """CON-1: by API, in a cell, by bulk edit; there is no way to make one, and the document says so."""
    admin = make("users", last_name="Admin", username="admin", email="a@kanal.example", user_type="administrator")
    head = {"Authorization": f"Bearer {tokens.create_token(admin, 'test')}"}

    def call(method, path, body=None):
        text = json.dumps(body) if body is not None else ""
        return client.generic(method, f"/api/v1{path}", text, content_type="application/json", headers=head)

    values = {
        "account": None, "type": "support", "amount": "2", "price": {"amount": "1", "currency": "NOK"},
        "value": {"amount": "1", "currency": "NOK"}, "start": "2026-01-01", "end": None, "status": "active",
        "renewal": "automatic", "term_months": 3, "name": "Other", "billing_schedule": "yearly",
        "delivered_on": "2026-01-01", "project": contract.project_id, "partner": None,
    }  # fmt: skip
    client.force_login(admin)
    for key, value in values.items():
        assert call("PATCH", f"/contracts/{contract.pk}", {key: value}).status_code == 422, key
        result = call("PATCH", "/contracts/bulk", {"mode": "each", "items": [{"id": contract.pk, key: value}]}).json()
        assert result["items"][0]["status"] == 422, key
        assert client.get(f"/crm/contracts/data/{contract.pk}/cell?field={key}").status_code == 403, key
    assert call("POST", "/contracts", {}).status_code in (404, 405)
    assert call("POST", "/contracts/bulk", {"items": []}).status_code in (404, 405)
    before = contract.revision
    contract.refresh_from_db()
    assert contract.revision == before
    assert call("PATCH", f"/contracts/{contract.pk}", {"responsible": admin.pk}).status_code == 200


def test_the_dialog_of_an_amendment_and_the_versions_are_shown(contract, client):
    admin = make("users", last_name="Admin", username="admin", email="a@kanal.example", user_type="administrator")
    client.force_login(admin)
    assert "Versions" not in client.get(contract.get_absolute_url()).content.decode()
    page = client.get(f"{contract.get_absolute_url()}amend")
    assert 'name="amended_from"' in page.content.decode()
    typed = {"amended_from": str(timezone.localdate()), "renewal": "automatic", "reason": "Asked for"}
    assert client.post(f"{contract.get_absolute_url()}amend", typed).status_code == 302
    tab = client.get(f"{contract.get_absolute_url()}?tab=versions").content.decode()
    assert "Renewal: None → Automatic" in tab
    assert "Asked for" in tab


@pytest.mark.parametrize(
    ("columns", "state"),
    [
        ({"start": -10, "end": 400, "delivered_on": -5}, "active"),
        ({"start": -10, "end": 20, "delivered_on": -5}, "ending"),
        ({"start": -400, "end": -1, "delivered_on": -300}, "ended"),
        ({"start": -400, "end": -1}, "ended"),
        ({"start": 30, "end": 400}, "ordered"),
        ({"start": 30, "end": 400, "delivered_on": 0}, "ordered"),
        ({"start": -10, "end": 0, "delivered_on": -5}, "ending"),
        ({"start": -10, "end": 300, "delivered_on": -5, "cancelled_on": 10}, "ending"),
        ({"start": -10, "end": 300, "delivered_on": -5, "cancelled_on": 0}, "cancelled"),
    ],
)
def test_con_5_states_follow_the_dates_at_once(contract, columns, state):
    today = timezone.localdate()
    days = {key: today + timedelta(days=days) for key, days in columns.items()}
    assert of_terms(contract, **{"status": "ordered", "end": None, **days}).status == state


def test_con_5_a_day_that_passes_is_kept_by_the_job(contract):
    today = timezone.localdate()
    of_terms(contract, start=today, end=today + timedelta(days=60), delivered_on=today)
    assert contract.status == "active"
    for days, state in ((20, "active"), (40, "ending"), (60, "ending"), (61, "ended"), (90, "ended")):
        with time_machine.travel(timezone.now() + timedelta(days=days), tick=False):
            keep_states(timezone.localdate())
        contract.refresh_from_db()
        assert contract.status == state, days


@pytest.mark.parametrize(
    ("entered", "field"),
    [
        ({"amount": "0"}, "amount"), ({"amount": "-3"}, "amount"), ({"term_months": 0}, "term_months"),
        ({"price": "-1"}, "price"), ({"value": "-0.01"}, "value"),
    ],
)  # fmt: skip
def test_an_amendment_to_nothing_is_refused(contract, entered, field):
    """CON-3: what a contract is about is more than nothing; what it is worth is not less."""
    entered = {
        key: {"amount": raw, "currency": "NOK"} if key in ("price", "value") else raw for key, raw in entered.items()
    }
    with pytest.raises(Invalid) as refusal:
        amend(contract, {"amended_from": today(), **entered}, by=SYSTEM)
    assert list(refusal.value.errors) == [field]
    assert not contract.versions.exists()


def test_no_amendment_begins_behind_the_end(contract):
    """CON-3: an amendment that no day of the contract would have is refused; one of its last day is not."""
    with pytest.raises(Invalid) as refusal:
        amend(contract, {"amended_from": date(2030, 2, 1), "amount": "9"}, by=SYSTEM)
    assert list(refusal.value.errors) == ["amended_from"]
    amend(contract, {"amended_from": date(2030, 1, 31), "amount": "9"}, by=SYSTEM)
    assert contract.versions.count() == 2


def test_a_cancellation_is_between_the_sale_and_the_end(contract):
    """CON-3: a day that the contract does not have is refused."""
    for day in (today() - timedelta(days=1), date(2030, 2, 1)):
        with pytest.raises(Invalid) as refusal:
            actions.cancel_contract(contract, {"cancel_reason": "x", "cancelled_on": day}, by=SYSTEM)
        assert list(refusal.value.errors) == ["cancelled_on"]
    actions.cancel_contract(contract, {"cancel_reason": "x", "cancelled_on": date(2030, 1, 31)}, by=SYSTEM)


def test_a_plain_amount_is_in_the_contracts_currency(client, contract):
    """API-1: no currency needs to be named where only one is possible."""
    admin = make("users", last_name="Admin", username="admin", email="a@kanal.example", user_type="administrator")
    headers = {"Authorization": f"Bearer {tokens.create_token(admin, 't')}"}
    payload = {"amended_from": today().isoformat(), "value": "250.5"}
    answer = client.post(f"/api/v1/contracts/{contract.pk}/amend", json.dumps(payload), content_type="application/json",
                         headers=headers)  # fmt: skip
    assert (answer.status_code, answer.json()["value"]) == (200, {"amount": "250.50", "currency": "NOK"})


def test_a_partner_reads_beside_a_version_no_name_of_a_colleague(contract):
    """ACC-8: whoever amended it is “Our team” to them, as in the history."""
    admin = make("users", last_name="Admin", username="admin", email="a@kanal.example", user_type="administrator")
    partner = make("partners", name="Fjord Partner")
    outsider = make("users", last_name="Out", username="out", email="o@kanal.example", user_type="partner",
                    partner=partner.pk)  # fmt: skip
    amend(contract, {"amended_from": today(), "amount": "9"}, by=Actor(admin))
    assert versions_of(contract, admin)["rows"][0]["author"] == "Admin"
    assert versions_of(contract, outsider)["rows"][0]["author"] == "Our team"


def test_terms_that_wait_never_undo_later_ones(contract):
    """CON-3: who amends on the day, before the job has run, builds on what waits, and that does not come back."""
    day = today() + timedelta(days=10)
    amend(contract, {"amended_from": day, "amount": "5"}, by=SYSTEM)
    with time_machine.travel(f"{day} 00:01Z", tick=False):
        amend(contract, {"amended_from": day, "amount": "7"}, by=SYSTEM)
        keep_states(day)
    contract.refresh_from_db()
    assert (contract.amount, contract.amendment) == (7, 2)
    assert not contract.versions.filter(is_applied=False).exists()


def test_con_3_partner_users_do_not_read_why_terms_were_amended(contract, client):
    """CON-3: the reason is written among colleagues."""
    partner = make("partners", name="Havn")
    type(contract).objects.update(partner=partner)
    amend(contract, {"amended_from": today(), "renewal": "automatic", "reason": "Asked for"}, by=SYSTEM)
    client.force_login(make_partner_user(partner, entities=["contracts"]))
    tab = client.get(f"{contract.get_absolute_url()}?tab=versions").content.decode()
    assert "Renewal: None → Automatic" in tab
    assert "Asked for" not in tab
    assert ">Reason<" not in tab
