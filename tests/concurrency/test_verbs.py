"""Verbs pressed by two at once, by pages and API: one does it, the other is told (REL-2, LEAD-4, SOLD-1, QUOTE-7)."""

from collections import Counter
from dataclasses import replace

import pytest

from kanal.core import settings
from kanal.core.actor import SYSTEM
from kanal.entities.leads.tests.factories import make_user as make_seller
from kanal.entities.leads.tests.factories import pool_lead
from kanal.entities.quotes import actions as quotes
from kanal.entities.quotes.models import Quote
from kanal.entities.quotes.tests.factories import make, quote, shop


@pytest.fixture(scope="module")
def one_shop(committed):
    """Return one price book with products to all tests."""
    return shop()


@pytest.fixture
def of(one_shop):
    """Return the shop with an opportunity of its own."""
    values = {"name": "Fjord deal", "project": one_shop.project.pk, "account": one_shop.account.pk}
    return replace(one_shop, opportunity=make("opportunities", **values))


def statuses(answers):
    return Counter(getattr(answer, "status_code", answer) for answer in answers)


def test_two_take_one_lead(collide, call_of, browser_of, anew):
    """LEAD-4: one by the API, one by the page; one has it, the other is told who has."""
    lead = pool_lead()
    sellers = [make_seller("own"), make_seller("own")]
    call, browser = call_of(sellers[0]), browser_of(sellers[1])
    by_api, by_page = collide(
        lead, lambda: call("POST", f"/leads/{lead.pk}/take"), lambda: browser.post(f"/crm/leads/{lead.pk}/take")
    )
    holder = anew(lead).assignee
    assert (by_api.status_code, by_page.status_code) in {(200, 409), (409, 302)}
    assert holder == sellers[0 if by_api.status_code == 200 else 1]
    loser = by_page if by_api.status_code == 200 else by_api
    assert str(holder) in loser.content.decode()


def test_two_press_sold(collide, call_of, browser_of, admin, anew, of):
    """SOLD-1: by page and API at the same moment; one set of contracts, one sale in the history."""
    quote(of)
    call, browser = call_of(admin), browser_of(admin)
    answers = collide(
        of.opportunity,
        lambda: call("POST", f"/opportunities/{of.opportunity.pk}/sold"),
        lambda: call("POST", f"/opportunities/{of.opportunity.pk}/sold"),
        lambda: browser.post(f"/crm/opportunities/{of.opportunity.pk}/sold"),
    )
    counts = statuses(answers)
    assert counts[409] + counts[422] == 2, counts
    assert counts[200] + counts[302] == 1, counts
    assert anew(of.opportunity).is_locked
    assert of.opportunity.contracts.count() == 5


def test_two_make_a_quote_active(collide, call_of, admin, of):
    """QUOTE-7: whoever comes second wins; there is one active quote at every moment and nobody sees a fault."""
    first = quote(of)
    others = [quotes.duplicate(first, {}, by=SYSTEM) for _ in range(2)]
    call = call_of(admin)
    answers = collide(
        of.opportunity, *(lambda pk=other_quote.pk: call("POST", f"/quotes/{pk}/make-active") for other_quote in others)
    )
    assert statuses(answers) == {200: 2}, [answer.content for answer in answers]
    active = Quote.objects.filter(opportunity=of.opportunity, is_active=True)
    assert active.count() == 1
    assert active.get() in others


def test_quotes_made_at_once_have_numbers_of_their_own(collide, call_of, admin, of):
    """QUOTE-1: the numbers follow one another without a gap or a twin, and one quote is active."""
    call = call_of(admin)
    values = {"name": "Offer", "price_book": of.book.pk, "brand": of.brand.pk}
    answers = collide(
        of.opportunity,
        *(lambda: call("POST", f"/opportunities/{of.opportunity.pk}/new-quote", values) for _ in range(4)),
    )
    assert set(statuses(answers)) <= {200, 201}, [answer.content for answer in answers]
    rows = Quote.objects.filter(opportunity=of.opportunity).order_by("id")
    numbers = sorted(int(row.number.rpartition("-")[2]) for row in rows)
    assert numbers == list(range(numbers[0], numbers[0] + 4))
    assert rows.filter(is_active=True).count() == 1


def test_items_added_at_once_have_places_of_their_own(collide, call_of, admin, anew, of):
    """QUOTE-2: each item keeps a position of its own, and the total counts them all."""
    made = quote(of, items=[])
    call = call_of(admin)
    rows = [{"items": [{"name": f"Line {n}", "amount": 1, "unit_price": "10"}]} for n in range(4)]
    answers = collide(
        of.opportunity, *(lambda row=row: call("POST", f"/quotes/{made.pk}/add-items", row) for row in rows)
    )
    assert set(statuses(answers)) == {200}, [answer.content for answer in answers]
    assert sorted(made.items.values_list("position", flat=True)) == [1, 2, 3, 4]
    assert anew(made).value == 40


def test_a_lead_is_qualified_once(collide, call_of, admin):
    """LEAD-5: two qualify the same lead; one opportunity comes of it."""
    from kanal.entities.opportunities.models import Opportunity

    lead, call = pool_lead(), call_of(admin)
    before = Opportunity.objects.count()
    values = {"opportunity_name": "Deal", "name": "Deal", "organization": "Fjord AS"}
    answers = collide(lead, *(lambda: call("POST", f"/leads/{lead.pk}/qualify", values) for _ in range(2)))
    assert {answer.status_code for answer in answers} <= {200, 201, 409, 422}, [answer.content for answer in answers]
    assert Opportunity.objects.count() - before <= 1


def test_two_put_the_same_setting(at_once, db):
    """SET-5: two administrators store a setting for the first time; one value stands, and nobody sees a fault."""
    outcomes = at_once(*(lambda n=n: settings.set_setting("leads.pool_hours", n) for n in (24, 48)))
    assert outcomes == [None, None]
    assert settings.value("leads.pool_hours") in (24, 48)
