"""The verbs of products and bundles (PB-4, PB-7)."""

import pytest

from kanal.core import writes
from kanal.core.actor import SYSTEM
from kanal.core.cache import invalidate
from kanal.core.models import FieldRule
from kanal.entities.accounts.tests.factories import by, make, make_user
from kanal.entities.pricebooks import actions
from kanal.kit.errors import Invalid, Refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def product():
    book = make("price-books", name="Nordic")
    made = make("products", name="Licence", code="L", category="software")
    make("prices", price_book=book.pk, product=made.pk, price={"amount": "5", "currency": "EUR"})
    return made


def test_a_copied_product_has_the_prices_of_the_first(product):
    copy = actions.copy_product(product, {"name": "Other", "code": "O"}, by=SYSTEM)
    assert [price.price for price in copy.prices.all()] == [5]


def test_prices_are_saved_together_or_not_at_all(product):
    present = product.prices.get()
    row = {"id": present.pk, "price": {"amount": "6", "currency": "EUR"}}
    wrong = {"price_book": present.price_book_id, "price": {"amount": "7", "currency": "EUR"}}
    with pytest.raises(Invalid):
        actions.save_prices(product, [row, wrong], by=SYSTEM)
    actions.save_prices(product, [row], by=SYSTEM)
    assert product.prices.get().price == 6


def test_a_bundle_moves_only_where_its_products_have_prices(product):
    first, other = product.prices.get().price_book, make("price-books", name="Baltic")
    bundle = make("bundles", name="Starter", price_book=first.pk)
    actions.save_items(bundle, [{"product": product.pk, "amount": "2", "weight": "1"}], by=SYSTEM)
    with pytest.raises(Refused, match="Licence"):
        actions.move_bundle(bundle, {"price_book": other.pk}, by=SYSTEM)
    make("prices", price_book=other.pk, product=product.pk, price={"amount": "5", "currency": "EUR"})
    actions.move_bundle(bundle, {"price_book": other.pk}, by=SYSTEM)
    bundle.refresh_from_db()
    assert bundle.price_book == other
    copy = actions.copy_bundle(bundle, {"name": "Copy", "code": ""}, by=SYSTEM)
    assert [(item.product, item.amount) for item in copy.items.all()] == [(product, 2)]


def test_an_unchanged_bundle_keeps_the_places_of_its_products(product):
    """BUND-1: saving again changes nothing; what is added follows, and another order numbers all anew."""
    book = product.prices.get().price_book
    others = [make("products", name=name, code=name, category="software") for name in ("Support", "Training")]
    bundle = make("bundles", name="Starter", price_book=book.pk)
    rows = [{"product": other.pk, "amount": "1", "weight": "1"} for other in (product, *others)]
    for place, row in zip((5, 9), rows, strict=False):
        make("bundle-items", bundle=bundle.pk, position=place, **row)
    before = list(bundle.items.values_list("pk", "position", "revision"))
    actions.save_items(bundle, rows[:2], by=SYSTEM)
    assert list(bundle.items.values_list("pk", "position", "revision")) == before
    actions.save_items(bundle, rows, by=SYSTEM)
    assert list(bundle.items.values_list("position", flat=True)) == [5, 9, 10]
    actions.save_items(bundle, rows[::-1], by=SYSTEM)
    assert [(item.product_id, item.position) for item in bundle.items.all()] == [
        (others[1].pk, 0), (others[0].pk, 1), (product.pk, 2)
    ]  # fmt: skip


def test_a_copy_takes_over_what_its_author_may_not_see(product):
    """PB-4: the cost, and the price in a book that is closed to them; both stay hidden from them."""
    product = writes.change(product, {"cost": {"amount": "3", "currency": "EUR"}, "description": "Yearly"}, by=SYSTEM)
    FieldRule.objects.create(entity="products", field="cost", mode=FieldRule.Mode.HIDDEN)
    invalidate()
    seller = make_user(entities=["products", "prices"])
    copy = actions.copy_product(product, {"name": "Other", "code": "O"}, by=by(seller))
    assert (copy.cost, copy.description, copy.prices.count()) == (3, "Yearly", 1)
