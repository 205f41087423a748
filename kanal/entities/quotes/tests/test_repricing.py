"""Every pair of (price by hand, from the book) × (amount, book, currency, date changed) (QUOTE-3a)."""

import datetime as dt
from decimal import Decimal

import pytest

from kanal.core import registry, writes
from kanal.core.actor import SYSTEM, Actor
from kanal.core.cache import invalidate
from kanal.core.models import Currency, ExchangeRate
from kanal.entities.quotes import editing
from kanal.entities.quotes.currency import change_currency
from kanal.entities.quotes.tests.factories import make, price, quote, shop
from kanal.kit.errors import Invalid

pytestmark = pytest.mark.django_db
D = Decimal


@pytest.fixture
def of():
    """Return a shop that sells the licence at 20, and at 15 from ten on; the other book at 18 and 14."""
    result = shop()
    result.other = make("price-books", name="Other", brands=[result.brand.pk], projects=[result.project.pk])
    price(result.other, result.licence, "18", unit="licence", recurrence="monthly")
    price(result.other, result.licence, "140", unit="licence", recurrence="monthly", amount=10)
    return result


def item_of(of, amount, by_hand=None):
    """Make a quote with some licences, at a price by hand where one is given; return its row."""
    made = quote(of, [{"product": of.licence.pk, "amount": amount}])
    item = made.items.get()
    if by_hand:
        writes.change(item, {"unit_price": {"amount": by_hand, "currency": "EUR"}}, by=SYSTEM)
    return made.items.get()


def prices(item):
    """Return a row's price, its list price, and whether it was set by hand."""
    item.refresh_from_db()
    return item.unit_price, item.list_price, item.price_origin["by_hand"]


@pytest.mark.parametrize(("before", "after", "expected"), [(1, 10, 15), (12, 9, 20), (1, 9, 20), (10, 25, 15)])
def test_a_price_from_the_book_follows_the_amount(of, before, after, expected):
    item = item_of(of, before)
    writes.change(item, {"amount": after}, by=SYSTEM)
    assert prices(item) == (expected, expected, False)
    assert item.quote.__class__.objects.get(pk=item.quote_id).value == D(after) * expected * 12


@pytest.mark.parametrize(("before", "after", "listed"), [(1, 10, 15), (12, 9, 20)])
def test_a_price_by_hand_stays_whatever_the_amount(of, before, after, listed):
    item = item_of(of, before, "17")
    writes.change(item, {"amount": after}, by=SYSTEM)
    assert prices(item) == (17, listed, True)


def test_an_amount_within_its_step_does_not_take_what_the_book_says_meanwhile(of):
    """QUOTE-3: a change in a book never moves a quote."""
    item = item_of(of, 2)
    for book_price in of.licence.prices.filter(price_book=of.book):
        writes.change(book_price, {"price": {"amount": str(book_price.price * 2), "currency": "EUR"}}, by=SYSTEM)
    writes.change(item, {"amount": 3}, by=SYSTEM)
    assert prices(item) == (20, 20, False)


def test_another_book_gives_its_prices_but_for_those_by_hand(of):
    first, second = item_of(of, 12), item_of(of, 12, "17")
    for item in (first, second):
        writes.change(item.quote, {"price_book": of.other.pk}, by=SYSTEM)
    assert prices(first) == (14, 14, False)
    assert prices(second) == (17, 14, True)
    assert first.price_origin["price_book"] == of.other.pk
    writes.change(first, {"amount": 2}, by=SYSTEM)
    assert prices(first) == (18, 18, False)


def test_a_book_without_the_product_leaves_its_row_as_it_is(of):
    item, empty = item_of(of, 12), make("price-books", name="Empty", projects=[of.project.pk])
    writes.change(item.quote, {"price_book": empty.pk}, by=SYSTEM)
    assert prices(item) == (15, 15, False)
    writes.change(item, {"amount": 2}, by=SYSTEM)
    assert prices(item) == (20, 20, False)


def test_another_currency_takes_the_price_there_and_converts_what_is_by_hand(of):
    """QUOTE-4."""
    nok, _made = Currency.objects.update_or_create(code="NOK", defaults={"in_use": True})
    ExchangeRate.objects.update_or_create(currency=nok, day=dt.date(2020, 1, 1), defaults={"rate": D("0.1")})
    invalidate()
    price(of.book, of.licence, "230", "NOK", unit="licence", recurrence="monthly")
    price(of.book, of.licence, "2000", "NOK", unit="licence", recurrence="monthly", amount=10)
    first, second = item_of(of, 12), item_of(of, 12, "17")
    for item in (first, second):
        change_currency(item.quote, {"currency": "NOK"}, by=SYSTEM)
    assert prices(first) == (200, 200, False)
    assert prices(second)[1:] == (200, True)
    assert prices(second)[0] > 100
    writes.change(writes.change(first, {"amount": 2}, by=SYSTEM), {"amount": 3}, by=SYSTEM)
    assert prices(first) == (230, 230, False)


@pytest.mark.parametrize("by_hand", [None, "17"])
@pytest.mark.parametrize("key", ["start", "due", "valid_until", "contract_start"])
def test_a_date_of_the_quote_moves_no_price(of, key, by_hand):
    """A price holds of the day on which it was taken."""
    item = item_of(of, 12, by_hand)
    before = prices(item)
    for book_price in of.licence.prices.all():
        writes.change(book_price, {"valid_to": "2030-01-01"}, by=SYSTEM)
    writes.change(item.quote, {key: "2031-01-01"}, by=SYSTEM)
    assert prices(item) == before


def row_of(item, **values):
    """Return a row as the table sends it."""
    kept = {"id": item.pk, "amount": str(item.amount), "unit_price": str(item.unit_price)}
    shown = {} if item.price_origin["by_hand"] else {"book_price": str(item.unit_price)}
    return {**kept, **shown, **values}


def test_the_table_takes_the_step_before_and_when_it_is_saved(of):
    """What the table shows of the book was not typed; another price was, the book's own old one included."""
    item = item_of(of, 12)
    _found, _totals, lines = editing.preview_rows(item.quote, [row_of(item, amount="5")])
    assert lines[0].unit_price == 20
    again = row_of(item, amount="11", unit_price="20", book_price="20")
    assert editing.preview_rows(item.quote, [again])[2][0].unit_price == 15
    editing.save_items(item.quote, {"items": [row_of(item, amount="5")]}, by=SYSTEM)
    assert prices(item) == (20, 20, False)
    editing.save_items(item.quote, {"items": [row_of(item, amount="12", unit_price="20", book_price="15")]}, by=SYSTEM)
    assert prices(item) == (20, 15, True)
    editing.save_items(item.quote, {"items": [row_of(item, amount="3")]}, by=SYSTEM)
    assert prices(item) == (20, 20, True)


def test_the_step_is_taken_by_api_too(of):
    item = item_of(of, 12)
    admin = make("users", last_name="Admin", username="admin", email="a@kanal.example", user_type="administrator")
    writes.change(item, {"amount": "2"}, by=Actor(admin))
    assert prices(item) == (20, 20, False)


@pytest.mark.parametrize("amount", ["0", "-1"])
def test_an_amount_of_nothing_says_what_is_allowed(of, amount):
    item = item_of(of, 1)
    new = {"name": "Travel", "unit_price": "5", "amount": amount}
    for attempt in (
        lambda: writes.change(item, {"amount": amount}, by=SYSTEM),
        lambda: quote(of, [new]),
        lambda: editing.save_items(item.quote, {"items": [row_of(item, amount=amount)]}, by=SYSTEM),
        lambda: writes.create(registry.get("quote-items"), {**new, "quote": item.quote_id}, by=SYSTEM),
    ):
        with pytest.raises(Invalid) as refused:
            attempt()
        assert refused.value.messages() == ["Enter a number greater than 0."]


def test_a_discount_above_the_price_is_refused_at_its_field(of):
    item = item_of(of, 2)
    with pytest.raises(Invalid) as refused:
        writes.change(item, {"discount_amount": {"amount": "41", "currency": "EUR"}}, by=SYSTEM)
    assert list(refused.value.errors) == ["discount_amount"]
    rows = [row_of(item, discount="41", discount_kind="amount")]
    with pytest.raises(Invalid) as refused:
        editing.save_items(item.quote, {"items": rows}, by=SYSTEM)
    assert list(refused.value.errors) == ["items.0.discount"]
    assert "€40.00" in str(refused.value)
