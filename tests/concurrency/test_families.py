"""Every pair of verbs of a family of records at once: no deadlock, no fault, the totals are true (REL-2)."""

from collections import Counter
from dataclasses import replace
from itertools import combinations_with_replacement

import pytest

from kanal.core import registry
from kanal.core.actor import SYSTEM
from kanal.core.conflicts import retried
from kanal.core.models import ProjectPath, SupervisorPath
from kanal.entities.leads.tests.factories import make_user as make_seller
from kanal.entities.leads.tests.factories import pool_lead
from kanal.entities.quotes import actions as quotes
from kanal.entities.quotes.invariants import computed
from kanal.entities.quotes.models import Quote
from kanal.entities.quotes.tests.factories import make, quote, shop

REFUSALS = {404, 409, 412, 422}
OF_DEALS = {
    "sold": lambda deal: ("POST", f"/opportunities/{deal.opportunity.pk}/sold", {}),
    "unlock": lambda deal: ("POST", f"/opportunities/{deal.opportunity.pk}/unlock", {}),
    "change-deal": lambda deal: ("PATCH", f"/opportunities/{deal.opportunity.pk}", {"name": "Other"}),
    "delete-deal": lambda deal: ("DELETE", f"/opportunities/{deal.opportunity.pk}", {}),
    "make-active": lambda deal: ("POST", f"/quotes/{deal.other.pk}/make-active", {}),
    "duplicate": lambda deal: ("POST", f"/quotes/{deal.active.pk}/duplicate", {}),
    "currency": lambda deal: ("POST", f"/quotes/{deal.active.pk}/currency", {"currency": "NOK"}),
    "delete-quote": lambda deal: ("DELETE", f"/quotes/{deal.other.pk}", {}),
    "change-quote": lambda deal: ("PATCH", f"/quotes/{deal.active.pk}", {"name": "Newer"}),
    "add-items": lambda deal: ("POST", f"/quotes/{deal.active.pk}/add-items", {"items": [LINE]}),
    "change-item": lambda deal: ("PATCH", f"/quote-items/{deal.item.pk}", {"amount": 7}),
    "change-items": lambda deal: (
        "PATCH", "/quote-items/bulk", {"items": [{"id": item.pk, "amount": 5} for item in deal.items]},
    ),
    "delete-item": lambda deal: ("DELETE", f"/quote-items/{deal.item.pk}", {}),
}  # fmt: skip
OF_LEADS = {
    "take": lambda lead: ("POST", f"/leads/{lead.pk}/take", {}),
    "qualify": lambda lead: (
        "POST",
        f"/leads/{lead.pk}/qualify",
        {"account": None, "contact": None},
    ),
    "disqualify": lambda lead: (
        "POST",
        f"/leads/{lead.pk}/disqualify",
        {"status": "no_interest", "disqualification_reason": "no"},
    ),
    "assign": lambda lead: ("PATCH", f"/leads/{lead.pk}", {"assignee": None}),
    "delete": lambda lead: ("DELETE", f"/leads/{lead.pk}", {}),
}
OF_ACCOUNTS = {
    "change": lambda family: ("PATCH", f"/accounts/{family['account']}", {"organization": "Fjell AS"}),
    "members": lambda family: ("PATCH", f"/accounts/{family['account']}", {"account_manager": family["user"]}),
    "delete": lambda family: ("DELETE", f"/accounts/{family['account']}", {}),
    "contact": lambda family: ("PATCH", f"/contacts/{family['contact']}", {"last_name": "Moe"}),
    "new-contact": lambda family: ("POST", "/contacts", {"last_name": "Ny", "account": family["account"]}),
    "deal": lambda family: (
        "POST", "/opportunities", {"name": "D", "account": family["account"], "project": family["project"]},
    ),
}  # fmt: skip
LINE = {"name": "Line", "amount": 1, "unit_price": "10"}
# Verbs that begin at the top, in the middle and at the bottom of a family, each with every verb.
PAIRS = [
    pair for pair in combinations_with_replacement(OF_DEALS, 2) if {"sold", "make-active", "change-item"} & set(pair)
]


@pytest.fixture(scope="module")
def one_shop(committed):
    """Return one price book with products to all tests."""
    return shop()


class Deal:
    """An opportunity with an active quote of two items and another quote."""

    def __init__(self, of):
        values = {"name": "Fjord deal", "project": of.project.pk, "account": of.account.pk}
        self.opportunity = make("opportunities", **values)
        self.active = quote(replace(of, opportunity=self.opportunity), [LINE, {"product": of.setup.pk, "amount": 3}])
        self.other = quotes.duplicate(self.active, {}, by=SYSTEM)
        self.items = list(self.active.items.all())
        self.item = self.items[0]


def fire(collide, call, record, verbs):
    """Send requests that all wait for one row; return their statuses, none of which may be a fault."""
    answers = collide(record, *(lambda verb=verb: call(*verb) for verb in verbs))
    statuses = [getattr(answer, "status_code", answer) for answer in answers]
    texts = [getattr(answer, "content", answer) for answer in answers]
    assert set(statuses) <= {200, 201, 204, *REFUSALS}, (verbs, texts)
    return statuses


@pytest.mark.parametrize("pair", PAIRS, ids="+".join)
def test_any_two_verbs_of_a_deal(collide, call_of, admin, one_shop, pair):
    """REL-2: whatever is held at the bottom of the family, both come to an end and the totals follow the items."""
    deal = Deal(one_shop)
    statuses = fire(collide, call_of(admin), deal.item, [OF_DEALS[verb](deal) for verb in pair])
    refused_by_state = {"unlock", "delete-deal"} & set(pair)
    assert min(statuses) < 300 or refused_by_state, statuses
    for sales_quote in Quote.objects.filter(opportunity=deal.opportunity.pk):
        assert sales_quote.value == computed(sales_quote)[2].value
    assert Quote.objects.filter(opportunity=deal.opportunity.pk, is_active=True).count() <= 1


@pytest.mark.parametrize("pair", list(combinations_with_replacement(OF_LEADS, 2)), ids="+".join)
def test_any_two_verbs_of_a_lead(collide, call_of, admin, pair):
    lead = pool_lead()
    assert min(fire(collide, call_of(admin), lead, [OF_LEADS[verb](lead) for verb in pair])) < 300


@pytest.mark.parametrize("pair", list(combinations_with_replacement(OF_ACCOUNTS, 2)), ids="+".join)
def test_any_two_verbs_of_an_account(collide, call_of, admin, one_shop, pair):
    account = make("accounts", organization="Fjord AS", type="account", vat_number="")
    contact = make("contacts", last_name="Hansen", account=account.pk)
    family = {"account": account.pk, "contact": contact.pk, "project": one_shop.project.pk, "user": admin.pk}
    statuses = fire(collide, call_of(admin), contact, [OF_ACCOUNTS[verb](family) for verb in pair])
    assert min(statuses) < 300 or "delete" in pair, "an account with contacts is not deleted"


def test_supervisors_of_many_at_once(at_once, call_of, admin):
    """ACC-4: four people get another supervisor at the same moment; the paths are those of the chart."""
    call, users = call_of(admin), [make_seller() for _ in range(5)]
    for top in (users[4].pk, admin.pk):
        verbs = [("PATCH", f"/users/{user.pk}", {"supervisor": top}) for user in users[:4]]
        answers = at_once(*(lambda verb=verb: call(*verb) for verb in verbs))
        assert Counter(answer.status_code for answer in answers) == {200: 4}, [answer.content for answer in answers]
        below = SupervisorPath.objects.filter(supervisor_id=top, subordinate__in=users[:4])
        assert below.count() == 4


def test_parents_of_many_projects_at_once(at_once, call_of, admin):
    """ACC-1: the tree of projects is moved by four at the same moment."""
    call = call_of(admin)
    projects = [make("projects", name=f"Project {n}", identifier=f"family-{n}") for n in range(5)]
    answers = at_once(
        *(
            lambda target=project: call("PATCH", f"/projects/{target.pk}", {"parent": projects[4].pk})
            for project in projects[:4]
        )
    )
    assert Counter(answer.status_code for answer in answers) == {200: 4}, [answer.content for answer in answers]
    assert ProjectPath.objects.filter(ancestor=projects[4]).count() == 5


def test_what_a_deadlock_rolled_back_is_done_again(at_once):
    """Two transactions lock two rows in opposite orders, and both come to their end."""
    from threading import Barrier

    from django.db import transaction

    from kanal.core import locks

    accounts = registry.get("accounts").model
    account, other = (make("accounts", organization=name, type="account", vat_number="") for name in ("A", "B"))
    both, tries = Barrier(2), Counter()

    def work(first, second):
        @retried
        @transaction.atomic
        def lock_both():
            tries[first] += 1
            locks.lock_one(accounts.objects.all(), first)
            if tries[first] == 1:
                both.wait(20)
            locks.lock_one(accounts.objects.all(), second)
            return True

        return lock_both

    assert at_once(work(account.pk, other.pk), work(other.pk, account.pk)) == [True, True]
    assert sum(tries.values()) == 3
