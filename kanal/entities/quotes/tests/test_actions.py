"""The verbs of quotes on a real database (QUOTE-1…7, OPP-6, PB-5)."""

from contextlib import suppress
from decimal import Decimal

import pytest
from django.db import transaction

from kanal.core import registry, writes
from kanal.core.actor import SYSTEM
from kanal.core.cache import invalidate
from kanal.core.models import CustomField
from kanal.entities.quotes import actions, editing
from kanal.entities.quotes.currency import change_currency
from kanal.entities.quotes.tests.factories import make, price, quote, shop
from kanal.kit.errors import Invalid, Refused

pytestmark = pytest.mark.django_db
D = Decimal


def values(quote):
    quote.refresh_from_db()
    return [(item.name, item.amount, item.unit_price, item.total) for item in quote.items.all()]


def test_items_take_their_price_unit_term_and_step_from_the_book():
    sales_quote = quote(shop())
    assert values(sales_quote) == [
        ("CRM licence", 12, 15, 180),
        ("Set-up", 3, 120, 360),
        ("Starter", 1, D("999.99"), D("999.99")),
        ("Travel", 2, 50, 100),
    ]
    first = sales_quote.items.first()
    assert (first.recurrence, first.term_months, first.unit.key) == ("monthly", 12, "licence")
    assert first.price_origin["step"].startswith("10")
    assert sales_quote.value == D("3619.99")


def test_a_product_without_a_price_in_the_currency_is_refused_by_name():
    """QUOTE-1."""
    of = shop()
    with pytest.raises(Invalid, match="CRM licence"):
        quote(of, [{"product": of.licence.pk}], currency="NOK")


def test_the_first_quote_is_active_and_the_value_follows_the_active_one():
    """QUOTE-7, OPP-6."""
    of = shop()
    first, second = quote(of), quote(of, [{"name": "Only", "unit_price": "7"}])
    of.opportunity.refresh_from_db()
    assert (first.is_active, second.is_active, of.opportunity.value) == (True, False, D("3619.99"))
    actions.make_active(second, {}, by=SYSTEM)
    of.opportunity.refresh_from_db()
    first.refresh_from_db()
    assert (first.is_active, of.opportunity.value) == (False, 7)


def test_a_value_set_by_hand_stays():
    """OPP-6."""
    of = shop()
    sales_quote = quote(of)
    opportunity = writes.change(of.opportunity, {"value": "5000"}, by=SYSTEM)
    assert opportunity.value_by_hand
    actions.add_items(sales_quote, {"items": [{"name": "More", "unit_price": "1"}]}, by=SYSTEM)
    opportunity.refresh_from_db()
    assert opportunity.value == 5000
    opportunity = writes.change(opportunity, {"value_by_hand": False}, by=SYSTEM)
    assert opportunity.value == D("3620.99")


def test_only_an_inactive_quote_can_be_deleted():
    of = shop()
    sales_quote = quote(of)
    with pytest.raises(Refused):
        actions.delete_quote(sales_quote, {}, by=SYSTEM)
    actions.make_inactive(sales_quote, {}, by=SYSTEM)
    sales_quote.refresh_from_db()
    actions.delete_quote(sales_quote, {}, by=SYSTEM)
    assert not of.opportunity.quotes.exists()


def test_all_rows_are_saved_at_once_and_an_edited_total_becomes_a_discount():
    """QUOTE-3."""
    sales_quote = quote(shop())
    licence, setup, _bundle, travel = sales_quote.items.all()
    rows = [{"id": travel.pk, "total": "130"}, {"id": licence.pk, "amount": "20", "discount": "10"}, {"id": setup.pk},
            {"kind": "rounding", "step": "100"}, {"name": "New", "unit_price": "1"}]  # fmt: skip
    _figures, previewed, _lines = editing.preview_rows(sales_quote, rows)
    editing.save_items(sales_quote, {"items": rows}, by=SYSTEM)
    assert [row[0] for row in values(sales_quote)] == ["Travel", "CRM licence", "Set-up", "Rounding", "New"]
    assert sales_quote.grand_total % 100 == 0
    assert previewed.value == sales_quote.value
    first = sales_quote.items.first()
    assert (first.discount_amount, first.total) == (-30, 130)


def test_an_item_changed_alone_by_the_pen_keeps_the_totals_true():
    sales_quote = quote(shop())
    item = sales_quote.items.all()[1]
    writes.change(item, {"amount": "4"}, by=SYSTEM)
    sales_quote.refresh_from_db()
    assert sales_quote.value == D("3739.99")
    writes.delete(item, by=SYSTEM)
    sales_quote.refresh_from_db()
    assert sales_quote.value == D("3259.99")


def test_a_changed_book_moves_no_quote():
    """QUOTE-3."""
    of = shop()
    sales_quote = quote(of)
    writes.change(of.setup.prices.get(currency="EUR"), {"price": {"amount": "200", "currency": "EUR"}}, by=SYSTEM)
    writes.change(sales_quote.items.all()[1], {"amount": "5"}, by=SYSTEM)
    assert values(sales_quote)[1] == ("Set-up", 5, 120, 600)


def test_a_currency_without_prices_names_the_items_and_changes_nothing():
    """QUOTE-4."""
    sales_quote = quote(shop())
    before = values(sales_quote)
    with pytest.raises(Invalid, match=r"CRM licence, Starter"):
        change_currency(sales_quote, {"currency": "NOK"}, by=SYSTEM)
    assert (values(sales_quote), sales_quote.currency) == (before, "EUR")


def test_a_currency_takes_the_book_s_prices_and_converts_lines_by_hand():
    """QUOTE-4, QUOTE-5."""
    sales_quote = quote(shop())
    licence, setup, bundle, travel = sales_quote.items.all()
    writes.change(setup, {"discount_percent": "10"}, by=SYSTEM)
    change_currency(sales_quote, {"currency": "NOK", "remove": [licence.pk], "prices": {bundle.pk: "9999"}}, by=SYSTEM)
    rows = values(sales_quote)
    assert rows[0] == ("Set-up", 3, 1300, 3510)
    assert rows[1] == ("Starter", 1, 9999, 9999)
    travel.refresh_from_db()
    assert travel.unit_price == D("581.40")
    assert travel.price_origin["rate_day"]


def test_a_revision_is_an_inactive_copy_that_knows_its_first():
    of = shop()
    sales_quote = quote(of)
    revision = actions.new_revision(sales_quote, {}, by=SYSTEM)
    assert (revision.revision_number, revision.revision_of, revision.is_active) == (2, sales_quote, False)
    assert values(revision) == values(sales_quote)
    assert actions.new_revision(revision, {}, by=SYSTEM).revision_number == 3


def test_two_prices_for_the_same_at_the_same_time_cannot_exist():
    """PB-5."""
    of = shop()
    with pytest.raises(Invalid, match="Another price"):
        price(of.book, of.setup, "1", unit="hour", valid_from="2027-01-01")
    old = of.setup.prices.get(currency="EUR")
    writes.change(old, {"valid_to": "2026-12-31"}, by=SYSTEM)
    price(of.book, of.setup, "130", unit="hour", valid_from="2027-01-01")


def test_a_bundle_without_a_price_of_its_own_costs_what_its_products_cost():
    """PB-7."""
    of = shop()
    bundle = make("bundles", name="Sum", price_book=of.book.pk, own_price=False)
    make("bundle-items", bundle=bundle.pk, product=of.setup.pk, amount=2)
    assert values(quote(of, [{"bundle": bundle.pk}]))[0][2] == 240


def test_an_amount_in_another_currency_is_refused():
    sales_quote = quote(shop())
    with pytest.raises(Invalid):
        writes.change(sales_quote.items.first(), {"unit_price": {"amount": "1", "currency": "NOK"}}, by=SYSTEM)


def test_the_history_names_the_verb():
    from kanal.core.models import Change

    sales_quote = quote(shop())
    change = Change.objects.filter(entity="quotes", record_id=sales_quote.pk).order_by("id").first()
    assert change.verb == "new-quote"
    assert registry.action(registry.get("quotes"), "generate") is not None


NO_ROWS = [[[None, "x"], [], {"a": {}}], "x", {"a": 1}, 7, [1], [None], [{"id": "x"}], [[]]]


@pytest.mark.parametrize("rows", NO_ROWS)
def test_what_is_no_list_of_rows_is_refused(rows):
    """SEC-4: whatever is sent as items by the API."""
    of = shop()
    sales_quote = quote(of)
    for verb, thing in (
        (actions.new_quote, of.opportunity), (actions.add_items, sales_quote), (editing.save_items, sales_quote),
    ):  # fmt: skip
        with pytest.raises(Invalid, match=r"list of objects|whole number"):
            verb(thing, {"items": rows}, by=SYSTEM)


@pytest.mark.parametrize("rows", NO_ROWS)
def test_a_currency_is_changed_or_refused_whatever_else_is_sent(rows):
    """SEC-4: prices and items to remove that are none, or that no column holds."""
    sales_quote = quote(shop())
    item = sales_quote.items.first().pk
    for key, given in (("remove", rows), ("prices", rows), ("prices", {item: rows}), ("prices", {item: "9" * 30})):
        with suppress(Invalid, Refused), transaction.atomic():
            change_currency(sales_quote, {"currency": "NOK", key: given}, by=SYSTEM)
        sales_quote.refresh_from_db()
        assert sales_quote.items.exists()


def test_a_book_of_another_project_is_refused_whichever_way_it_is_given():
    """PB-2: a new quote and a changed one are held to the books of the opportunity's project, as the verb is."""
    of = shop()
    sales_quote = quote(of, [])
    foreign = make("price-books", name="South", projects=[make("projects", name="South", modules=["crm"]).pk])
    with pytest.raises(Invalid) as caught:
        writes.change(sales_quote, {"price_book": foreign.pk}, by=SYSTEM)
    assert "price_book" in caught.value.errors
    with pytest.raises(Invalid) as caught:
        make("quotes", name="Other", opportunity=of.opportunity.pk, price_book=foreign.pk)
    assert "price_book" in caught.value.errors


def test_a_copy_keeps_a_book_that_was_closed_since():
    of = shop()
    sales_quote = quote(of)
    writes.change(of.book, {"is_active": False}, by=SYSTEM)
    copy = actions.duplicate(sales_quote, {}, by=SYSTEM)
    assert copy.price_book_id == of.book.pk


@pytest.mark.parametrize("given", [{"custom": {"crate": "A7"}}, {"custom.crate": "A7"}])
@pytest.mark.parametrize("way", [actions.add_items, editing.save_items])
def test_custom_values_of_rows_are_stored_and_copied(way, given):
    """QUOTE-7: a copy and the next revision have what the rows have."""
    CustomField.objects.create(entity="quote-items", key="crate", name="Crate", kind="text")
    invalidate()
    sales_quote = quote(shop(), [])
    way(sales_quote, {"items": [{"name": "Travel", "unit_price": "5", **given}]}, by=SYSTEM)
    for copy in (actions.duplicate(sales_quote, {}, by=SYSTEM), actions.new_revision(sales_quote, {}, by=SYSTEM)):
        assert copy.items.get().custom == {"crate": "A7"}
