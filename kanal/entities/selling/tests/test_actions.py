"""The sale on a real database (SOLD-1…3, CON-1)."""

import threading
from decimal import Decimal

import pytest
from django.db import connection

from kanal.core import registry, settings, writes
from kanal.core.actor import SYSTEM, Actor
from kanal.core.cache import invalidate
from kanal.core.models import FieldRule
from kanal.entities.contracts import actions as contracts
from kanal.entities.opportunities.actions import lose
from kanal.entities.quotes import actions as quotes
from kanal.entities.quotes import editing
from kanal.entities.quotes.tests.factories import make, quote, shop
from kanal.entities.selling.actions import reopen, sold, unlock
from kanal.kit.errors import Invalid, KanalError, Refused

D = Decimal


def contracts_of(opportunity):
    queryset = opportunity.contracts.order_by("pk")
    return [(contract.name, contract.type.key, contract.value, contract.amendment) for contract in queryset]


@pytest.fixture
def of(db):
    return shop()


def test_each_item_becomes_a_contract_and_a_bundle_one_per_product(of):
    quote(of)
    opportunity = sold(of.opportunity, {}, by=SYSTEM)
    assert contracts_of(opportunity) == [
        ("CRM licence", "software", 2160, 0),
        ("Set-up", "implementation", 360, 0),
        ("CRM licence", "software", D("500.00"), 0),
        ("Set-up", "implementation", D("499.99"), 0),
        ("Travel", "implementation", 100, 0),
    ]
    assert (opportunity.status.kind, opportunity.is_locked, opportunity.probability) == ("won", True, 100)
    assert opportunity.sold_at is not None
    first = opportunity.contracts.first()
    assert (first.account, first.price_book, first.brand, first.status) == (of.account, of.book, of.brand, "ordered")
    assert (first.end - first.start).days in (364, 365)


def test_optional_items_count_only_if_taken_and_the_rounding_goes_to_the_largest(of):
    items = [{"name": "A", "unit_price": "99.40"}, {"name": "B", "unit_price": "5", "is_optional": True},
             {"name": "C", "unit_price": "7", "is_optional": True, "is_taken": True}]  # fmt: skip
    sales_quote = quote(of, items)
    quotes.add_rounding(sales_quote, {"step": "10", "rounds": "net_total"}, by=SYSTEM)
    opportunity = sold(of.opportunity, {}, by=SYSTEM)
    assert [(name, value) for name, _type, value, _n in contracts_of(opportunity)] == [("A", 103), ("C", 7)]


def test_nothing_of_a_sold_opportunity_changes_by_any_way(of):
    """SOLD-2."""
    sales_quote = quote(of)
    opportunity = sold(of.opportunity, {}, by=SYSTEM)
    item = sales_quote.items.first()
    ways = [
        lambda: sold(opportunity, {}, by=SYSTEM),
        lambda: writes.change(opportunity, {"value": "1"}, by=SYSTEM),
        lambda: writes.change(opportunity, {"status": "new"}, by=SYSTEM),
        lambda: writes.delete(opportunity, by=SYSTEM),
        lambda: writes.change(sales_quote, {"name": "Other"}, by=SYSTEM),
        lambda: writes.change(item, {"amount": "9"}, by=SYSTEM),
        lambda: writes.delete(item, by=SYSTEM),
        lambda: make("quote-items", quote=sales_quote.pk, name="More"),
        lambda: make("quotes", opportunity=opportunity.pk, name="Another"),
        lambda: quotes.make_inactive(sales_quote, {}, by=SYSTEM),
        lambda: quotes.duplicate(sales_quote, {}, by=SYSTEM),
        lambda: editing.save_items(sales_quote, {"items": []}, by=SYSTEM),
        lambda: contracts.remove(opportunity.contracts.first(), {}, by=SYSTEM),
    ]
    for way in ways:
        with pytest.raises(Refused):
            way()


def test_selling_again_makes_new_amends_changed_and_leaves_the_rest(of):
    """SOLD-2."""
    sales_quote = quote(of)
    opportunity = sold(of.opportunity, {}, by=SYSTEM)
    unlock(opportunity, {}, by=SYSTEM)
    writes.change(sales_quote.items.first(), {"amount": "20"}, by=SYSTEM)
    quotes.add_items(sales_quote, {"items": [{"name": "Extra", "unit_price": "1"}]}, by=SYSTEM)
    opportunity = sold(opportunity, {}, by=SYSTEM)
    rows = contracts_of(opportunity)
    assert rows[0] == ("CRM licence", "software", 3600, 1)
    assert [row[3] for row in rows[1:]] == [0] * 5
    assert rows[-1][0] == "Extra"


def test_a_revision_sold_in_place_of_its_quote_amends_and_doubles_nothing(of):
    sales_quote = quote(of)
    opportunity = sold(of.opportunity, {}, by=SYSTEM)
    unlock(opportunity, {}, by=SYSTEM)
    revision = quotes.new_revision(sales_quote, {}, by=SYSTEM)
    quotes.make_active(revision, {}, by=SYSTEM)
    opportunity.refresh_from_db()
    assert len(contracts_of(sold(opportunity, {}, by=SYSTEM))) == 5
    unlock(opportunity, {}, by=SYSTEM)
    other = quote(of, [{"name": "Else", "unit_price": "1"}])
    quotes.make_active(other, {}, by=SYSTEM)
    with pytest.raises(Refused, match="CRM licence"):
        sold(opportunity, {}, by=SYSTEM)
    opportunity.contracts.update(status="ended")
    assert len(contracts_of(sold(opportunity, {}, by=SYSTEM))) == 6


def test_a_contract_is_removed_while_unlocked_unless_its_delivery_has_begun(of):
    quote(of)
    opportunity = sold(of.opportunity, {}, by=SYSTEM)
    first, second = opportunity.contracts.order_by("pk")[:2]
    contracts.mark_delivered(second, {}, by=SYSTEM)
    unlock(opportunity, {}, by=SYSTEM)
    for contract in (first, second):
        contract.refresh_from_db()
    contracts.remove(first, {}, by=SYSTEM)
    with pytest.raises(Refused, match="Cancel"):
        contracts.remove(second, {}, by=SYSTEM)


def test_without_items_an_opportunity_is_sold_only_where_items_are_not_used(of):
    """SOLD-3."""
    with pytest.raises(Invalid):
        sold(of.opportunity, {}, by=SYSTEM)
    settings.set_setting("crm.use_items", False)
    try:
        assert sold(of.opportunity, {}, by=SYSTEM).is_locked
        assert not of.opportunity.contracts.exists()
    finally:
        settings.set_setting("crm.use_items", True)
        invalidate()


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_two_people_press_sold_and_one_set_of_contracts_is_made():
    of = shop()
    quote(of)
    start, outcomes = threading.Barrier(2), []

    def press():
        start.wait()
        try:
            sold(of.opportunity, {}, by=SYSTEM)
            outcomes.append("sold")
        except KanalError as refusal:
            outcomes.append(type(refusal).__name__)
        finally:
            connection.close()

    threads = [threading.Thread(target=press) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["Refused", "sold"]
    assert of.opportunity.contracts.count() == 5


def test_con_1_a_bundles_contracts_have_the_units_of_their_products(of):
    """A product that is sold per hour is no eight pieces of a bundle."""
    quote(of, [{"bundle": of.bundle.pk, "amount": 8, "unit": "piece"}])
    opportunity = sold(of.opportunity, {}, by=SYSTEM)
    rows = opportunity.contracts.order_by("pk").values_list("name", "amount", "unit__key")
    assert list(rows) == [("CRM licence", 8, "licence"), ("Set-up", 8, "hour")]


def test_an_expired_quote_is_sold_only_after_a_word(of, client):
    """By API 409 until `accept_expired`; on the page a box is ticked."""
    quote(of, valid_until="2020-01-31")
    with pytest.raises(Refused, match="2020-01-31"):
        sold(of.opportunity, {}, by=SYSTEM)
    admin = make("users", last_name="Admin", username="admin", email="a@kanal.example", user_type="administrator")
    client.force_login(admin)
    url = f"{of.opportunity.get_absolute_url()}sold"
    assert 'name="accept_expired"' in client.get(url).content.decode()
    assert client.post(url).status_code == 422
    assert client.post(url, {"accept_expired": "1"}).status_code == 302
    of.opportunity.refresh_from_db()
    assert of.opportunity.is_locked


def test_sold_2_the_state_of_a_locked_sales_quote_stays(of):
    sales_quote = quote(of)
    sold(of.opportunity, {}, by=SYSTEM)
    sales_quote.refresh_from_db()
    for state in ("declined", "expired", "draft"):
        with pytest.raises(Refused):
            writes.change(sales_quote, {"state": state}, by=SYSTEM)


def test_what_was_won_is_opened_again_without_contracts_alone(of):
    quote(of)
    opportunity = sold(of.opportunity, {}, by=SYSTEM)
    with pytest.raises(Refused, match="locked"):
        reopen(opportunity, {}, by=SYSTEM)
    unlock(opportunity, {}, by=SYSTEM)
    with pytest.raises(Refused, match=r"remove or cancel.*CRM licence"):
        reopen(opportunity, {}, by=SYSTEM)
    opportunity.contracts.filter(name="Travel").update(status="ended")
    with pytest.raises(Refused, match=r"have ended: C-\S+ Travel\. Copy"):
        reopen(opportunity, {}, by=SYSTEM)
    opportunity.contracts.update(status="ordered")
    for contract in list(opportunity.contracts.all()):
        contracts.remove(contract, {}, by=SYSTEM)
    reopen(opportunity, {}, by=SYSTEM)
    opportunity.refresh_from_db()
    assert (opportunity.status.kind, opportunity.sold_at) == ("open", None)


def test_the_contracts_start_when_the_quote_says_so_else_on_the_day_of_the_sale(of):
    """QUOTE-1: the start and due date of a quote are the days on which it is valid."""
    quote(of, start="2020-01-01", contract_start="2031-05-01")
    opportunity = sold(of.opportunity, {}, by=SYSTEM)
    assert {(str(contract.start), contract.status) for contract in opportunity.contracts.all()} == {
        ("2031-05-01", "ordered")
    }


def test_a_required_field_that_is_gone_blocks_no_sale(of):
    """PB-2: it was validated when the book was saved; meanwhile the custom field was removed."""
    with pytest.raises(Invalid, match="nothing_like_this"):
        writes.change(of.book, {"required_quote_fields": ["nothing_like_this"]}, by=SYSTEM)
    type(of.book).objects.filter(pk=of.book.pk).update(required_quote_fields=["gone"])
    quote(of)
    assert sold(of.opportunity, {}, by=SYSTEM).is_locked


def test_pb_2_a_quote_takes_a_book_of_its_project_alone(of):
    elsewhere = make("price-books", name="Far", projects=[make("projects", name="Far", modules=["crm"]).pk])
    with pytest.raises(Invalid) as refused:
        quotes.new_quote(of.opportunity, {"price_book": elsewhere.pk}, by=SYSTEM)
    assert list(refused.value.errors) == ["price_book"]


@pytest.mark.parametrize(("country", "currency"), [("NO", "NOK"), ("DE", "EUR"), ("", "EUR")])
def test_a_deal_without_a_value_has_the_currency_of_its_accounts_country(of, country, currency):
    """QUOTE-1: its quotes are preset to it; a value that is given brings its own."""
    account = make("accounts", organization="Havn", type="account", country=country, vat_number="")
    attributes = {"project": of.project.pk, "account": account.pk}
    deal = make("opportunities", name="Deal", **attributes)
    assert deal.currency == currency
    assert quotes.new_quote(deal, {}, by=SYSTEM).currency == currency
    given = make("opportunities", name="Deal", value={"amount": "1", "currency": "EUR"}, **attributes)
    assert given.currency == "EUR"


def test_a_won_deal_is_lost_only_after_it_was_reopened(of):
    """CON-1: unlocked or not, no contract of a sale goes on beside a loss."""
    quote(of)
    opportunity = unlock(sold(of.opportunity, {}, by=SYSTEM), {}, by=SYSTEM) or of.opportunity
    opportunity.refresh_from_db()
    action = registry.action(registry.get("opportunities"), "lost")
    assert "Reopen" in str(action.state(opportunity, None))
    with pytest.raises(Refused, match="C-"):
        reopen(opportunity, {}, by=SYSTEM)


def test_what_was_lost_and_is_sold_after_all_keeps_no_loss_reason(of):
    """OPP-4: a won deal counts in no statistics of losses."""
    quote(of)
    lose(of.opportunity, {"loss_reason": "price"}, by=SYSTEM)
    opportunity = sold(of.opportunity, {}, by=SYSTEM)
    assert (opportunity.status.kind, opportunity.loss_reason) == ("won", None)


def test_a_sale_that_is_not_ready_says_what_is_wrong(of):
    """SOLD-1, SOLD-3: sentences, each at the field that it is about; no label of a check that failed."""
    writes.change(of.opportunity, {"account": None}, by=SYSTEM)
    with pytest.raises(Invalid) as refusal:
        sold(of.opportunity, {}, by=SYSTEM)
    problems = {key: [str(message) for message in messages] for key, messages in refusal.value.errors.items()}
    assert problems == {
        "account": ["The opportunity has no account. Choose the account."],
        "": ["There is no active quote. Create a quote, or make one active."],
    }


def test_the_checks_know_the_rules_of_fields_at_the_won_status(of, client):
    """SOLD-1, FORM-2: the page names what the confirmation would refuse, and no button is offered before."""
    admin = make("users", last_name="Admin", username="admin", email="a@kanal.example", user_type="administrator")
    quote(of)
    FieldRule.objects.create(entity="opportunities", field="need", status="won", mode="required")
    invalidate()
    client.force_login(admin)
    page = client.get(f"/crm/opportunities/{of.opportunity.pk}/sold").content.decode()
    assert "“Need” is empty" in page
    with pytest.raises(Invalid) as refusal:
        sold(of.opportunity, {}, by=Actor(admin))
    assert list(refusal.value.errors) == ["need"]
    writes.change(of.opportunity, {"need": "Stock"}, by=SYSTEM)
    assert sold(of.opportunity, {}, by=Actor(admin)).is_locked
