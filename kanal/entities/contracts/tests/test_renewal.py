"""Contracts that renew themselves, and the job that lets them (CON-1, CON-5)."""

from datetime import date

import pytest
import time_machine

from kanal.core import writes
from kanal.core.actor import SYSTEM
from kanal.entities.contracts import actions
from kanal.entities.contracts.amending import amend
from kanal.entities.contracts.states import keep_states
from kanal.entities.quotes.tests.factories import make, shop

pytestmark = pytest.mark.django_db


@pytest.fixture
def renewing():
    of = shop()
    return make(
        "contracts", name="Cloud", type="software", opportunity=of.opportunity.pk, account=of.account.pk,
        project=of.project.pk, value={"amount": "1200", "currency": "NOK"}, price={"amount": "100", "currency": "NOK"},
        recurrence="monthly", start="2026-02-01", end="2027-01-31", term_months=12, renewal="automatic",
        notice_period_months=3, delivered_on="2026-02-01",
    )  # fmt: skip


def on(day):
    """Let the job run on a day, and tell what it changed."""
    with time_machine.travel(f"{day} 10:00Z", tick=False):
        return keep_states(date.fromisoformat(day))


def test_a_contract_that_renews_itself_goes_on_for_another_term(renewing):
    """CON-1, CON-5: neither ending nor ended; each term is a version from the day after the end before."""
    assert on("2027-01-31") == 0
    renewing.refresh_from_db()
    assert (renewing.status, renewing.end) == ("active", date(2027, 1, 31))
    assert on("2027-02-01") == 1
    assert on("2027-02-01") == 0
    renewing.refresh_from_db()
    assert (renewing.status, renewing.end, renewing.value, renewing.amendment) == ("active", date(2028, 1, 31), 1200, 1)
    version = renewing.versions.last()
    assert (version.valid_from, version.reason, version.is_applied) == (date(2027, 2, 1), "Renewed automatically", True)


def test_a_worker_that_stood_still_for_years_renews_each_term(renewing):
    """CON-5: a save in between ends nothing that renews itself."""
    with time_machine.travel("2029-03-15 10:00Z", tick=False):
        assert writes.change(renewing, {"responsible": None}, by=SYSTEM).status == "active"
    assert on("2029-03-15") == 1
    renewing.refresh_from_db()
    assert (renewing.end, renewing.amendment) == (date(2030, 1, 31), 3)


def test_a_cancelled_contract_does_not_renew(renewing):
    """CON-3: a cancellation within the term ends it; so does an amendment that takes the renewal away."""
    with time_machine.travel("2026-12-01 10:00Z", tick=False):
        actions.cancel_contract(renewing, {"cancel_reason": "x", "cancelled_on": date(2027, 1, 31)}, by=SYSTEM)
    on("2027-02-01")
    renewing.refresh_from_db()
    assert (renewing.status, renewing.end) == ("cancelled", date(2027, 1, 31))


def test_one_that_asks_ends(renewing):
    with time_machine.travel("2026-12-01 10:00Z", tick=False):
        amend(renewing, {"amended_from": date(2026, 12, 1), "renewal": "ask"}, by=SYSTEM)
    renewing.refresh_from_db()
    assert renewing.status == "ending"
    on("2027-02-01")
    renewing.refresh_from_db()
    assert renewing.status == "ended"


def test_one_that_renews_itself_goes_on_by_an_amendment_that_waits(renewing):
    """CON-1, CON-3: terms that begin behind the end give the contract its next end; the job does not turn for ever."""
    with time_machine.travel("2026-12-01 10:00Z", tick=False):
        amend(renewing, {"amended_from": date(2027, 3, 1), "end": date(2028, 1, 31), "amount": "3"}, by=SYSTEM)
    on("2027-02-01")
    renewing.refresh_from_db()
    assert (renewing.status, renewing.end) == ("active", date(2027, 1, 31))
    on("2027-03-01")
    renewing.refresh_from_db()
    assert (renewing.amount, renewing.end) == (3, date(2028, 1, 31))
