"""What a price book asks of a quote, on every way in, and the body of the verb that changes the currency."""

import pytest

from kanal.core import registry, writes
from kanal.core.actor import SYSTEM
from kanal.core.cache import invalidate
from kanal.core.models import CustomField
from kanal.entities.pricebooks.required import missing_in
from kanal.entities.quotes import actions
from kanal.entities.quotes.currency import change_currency
from kanal.entities.quotes.tests.factories import make, quote, shop
from kanal.kit.errors import Invalid

pytestmark = pytest.mark.django_db


@pytest.fixture
def of():
    invalidate()
    return shop()


def by_verb(of, values):
    return actions.new_quote(of.opportunity, {"name": "A", **values}, by=SYSTEM)


def by_record(of, values):
    return writes.create(registry.get("quotes"), {"name": "A", "opportunity": of.opportunity.pk, **values}, by=SYSTEM)


def by_many(of, attributes):
    values = [{"name": "A", "opportunity": of.opportunity.pk, **attributes}] * 3
    return writes.create_many(registry.get("quotes"), values, by=SYSTEM)


def by_change(of, values):
    made = actions.new_quote(of.opportunity, {"name": "A"}, by=SYSTEM)
    return writes.change(made, {key: value for key, value in values.items() if key != "name"}, by=SYSTEM)


WAYS = pytest.mark.parametrize("way", [by_verb, by_record, by_many, by_change])


@WAYS
def test_a_book_asks_for_one_of_its_brands_and_versions(of, way):
    """PB-2: what has no price in the book is refused where it is chosen, not when the first item finds none."""
    foreign = make("brands", name="Other brand").pk
    versions = [make("product-versions", name=name).pk for name in ("2025", "2026", "Elsewhere")]
    writes.change(of.book, {"product_versions": versions[:2]}, by=SYSTEM)
    book = {"price_book": of.book.pk}
    cases = [
        (book, {"brand", "product_version"}),
        ({**book, "brand": foreign, "product_version": versions[0]}, {"brand"}),
        ({**book, "brand": of.brand.pk, "product_version": versions[2]}, {"product_version"}),
    ]
    for values, wrong in cases:
        with pytest.raises(Invalid) as refusal:
            way(of, values)
        assert {key.rpartition(".")[2] for key in refusal.value.errors} == wrong
    assert way(of, {**book, "brand": of.brand.pk, "product_version": versions[1]})


@WAYS
def test_a_book_asks_for_its_required_fields(of, way):
    """PB-2: one that quotes have no more blocks nothing."""
    CustomField.objects.create(entity="quotes", key="hosting", name="Hosting", kind="text")
    invalidate()
    writes.change(of.book, {"required_quote_fields": ["hosting"]}, by=SYSTEM)
    values = {"price_book": of.book.pk, "brand": of.brand.pk}
    with pytest.raises(Invalid) as refusal:
        way(of, values)
    assert any(key.endswith("custom.hosting") for key in refusal.value.errors)
    assert way(of, {**values, "custom": {"hosting": "cloud"}})
    CustomField.objects.all().delete()
    invalidate()
    assert way(of, values)


def test_a_copy_keeps_what_the_book_has_no_more(of):
    """PB-2: a new version of the book takes nothing from quotes that are under way."""
    sales_quote = quote(of)
    writes.change(of.book, {"brands": [make("brands", name="New").pk]}, by=SYSTEM)
    assert actions.duplicate(sales_quote, {}, by=SYSTEM).brand == of.brand
    assert actions.new_revision(sales_quote, {}, by=SYSTEM).brand == of.brand
    assert writes.change(sales_quote, {"note": "as agreed"}, by=SYSTEM).brand == of.brand


@pytest.mark.parametrize(
    ("entered", "field"),
    [
        ({"remove": ["x"]}, "remove"), ({"remove": {"a": 1}}, "remove"), ({"remove": [2**70]}, "remove"),
        ({"remove": [999_999]}, "remove"), ({"prices": [1]}, "prices"), ({"prices": {"x": "1"}}, "prices"),
        ({"prices": {"999999": "1"}}, "prices"), ({"prices": {"ITEM": "NaN"}}, "prices.ITEM"),
        ({"prices": {"ITEM": "1e99"}}, "prices.ITEM"), ({"prices": {"ITEM": "-5"}}, "prices.ITEM"),
        ({"prices": {"ITEM": "4.005"}}, "prices.ITEM"), ({"prices": {"ITEM": [1]}}, "prices.ITEM"),
        ({"prices": {"ITEM": {"amount": "4", "currency": "EUR"}}}, "prices.ITEM"),
    ],
)  # fmt: skip
def test_what_is_entered_for_another_currency_is_read_with_care(of, entered, field):
    """QUOTE-4, API-1: no fault, no digit more than the currency has, and the row is named."""
    sales_quote = quote(of, [{"product": of.licence.pk, "amount": 2}])
    item = str(sales_quote.items.get().pk)
    prices = entered.get("prices")
    if isinstance(prices, dict):
        entered = {"prices": {key.replace("ITEM", item): value for key, value in prices.items()}}
    with pytest.raises(Invalid) as refusal:
        change_currency(sales_quote, {"currency": "NOK", **entered}, by=SYSTEM)
    assert list(refusal.value.errors) == [field.replace("ITEM", item)]
    sales_quote.refresh_from_db()
    assert sales_quote.currency == "EUR"


def test_a_discount_that_is_more_than_the_new_price_names_its_row(of):
    """QUOTE-5: an absolute discount is converted; where the price entered is less, the row is named."""
    sales_quote = quote(of, [{"product": of.licence.pk, "amount": 2, "discount_amount": "30"}])
    pk = sales_quote.items.get().pk
    with pytest.raises(Invalid, match="CRM licence") as refusal:
        change_currency(sales_quote, {"currency": "NOK", "prices": {pk: "1"}}, by=SYSTEM)
    assert list(refusal.value.errors) == [f"prices.{pk}"]


def test_a_price_of_nothing_by_hand_gets_the_list_price_of_the_new_currency(of):
    """QUOTE-4, QUOTE-5: the list price of the old currency does not stand there as one of the new."""
    sales_quote = quote(of, [{"product": of.setup.pk, "amount": 2, "unit_price": "0"}])
    change_currency(sales_quote, {"currency": "NOK"}, by=SYSTEM)
    item = sales_quote.items.get()
    assert (item.unit_price, item.list_price, item.currency, item.price_origin["by_hand"]) == (0, 1300, "NOK", True)


def test_no_and_nought_are_answers_to_what_a_book_requires(of):
    """PB-2: the quote takes them, and so does the sale."""
    for key, kind in (("seats", "integer"), ("hosted", "boolean")):
        CustomField.objects.create(entity="quotes", key=key, name=key, kind=kind)
    invalidate()
    book = writes.change(of.book, {"required_quote_fields": ["seats", "hosted"]}, by=SYSTEM)
    sales_quote = quote(of, [{"name": "Travel", "unit_price": "5"}], custom={"seats": 0, "hosted": False})
    assert missing_in(book, sales_quote.custom) == []
    assert sorted(missing_in(book, {"seats": None})) == ["hosted", "seats"]
