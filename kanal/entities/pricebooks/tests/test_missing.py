"""Which prices are missing (PB-8)."""

import datetime as dt

import pytest

from kanal.core import writes
from kanal.core.actor import SYSTEM
from kanal.entities.accounts.tests.factories import make
from kanal.entities.pricebooks.missing import Gap, Held, gaps

DAY = dt.date(2026, 6, 1)
ONE, TWO, KIT = ("product", 1), ("product", 2), ("bundle", 1)


def test_each_thing_needs_a_price_in_each_currency_of_its_book():
    prices = [
        Held(1, ONE, "EUR", None),
        Held(1, ONE, "NOK", None),
        Held(1, TWO, "EUR", None),
        Held(2, KIT, "USD", None),
    ]
    assert gaps(prices, {}, DAY) == [Gap(1, TWO, "NOK", None)]


def test_a_price_that_is_over_or_yet_to_come_is_missing_today():
    held = [
        Held(1, ONE, "EUR", None, None, DAY), Held(1, TWO, "EUR", None, None, DAY - dt.timedelta(days=1)),
        Held(1, KIT, "EUR", None, DAY + dt.timedelta(days=1)),
    ]  # fmt: skip
    assert gaps(held, {}, DAY) == [Gap(1, KIT, "EUR", None), Gap(1, TWO, "EUR", None)]


def test_a_price_without_a_brand_holds_for_all_and_one_of_a_brand_for_it_alone():
    held = [Held(1, ONE, "EUR", None), Held(1, TWO, "EUR", 7)]
    assert gaps(held, {1: [7, 8]}, DAY) == [Gap(1, TWO, "EUR", 8)]


@pytest.mark.django_db
def test_the_page_names_them_and_leaves_out_what_is_not_in_use(client):
    admin = make("users", last_name="Admin", username="admin", email="a@kanal.example", user_type="administrator")
    client.force_login(admin)
    book = make("price-books", name="Nordic")
    for name, currencies in (("Crane", ("EUR", "NOK")), ("Hook", ("EUR",)), ("Rope", ("NOK",))):
        product = make("products", name=name, code=name, category="software")
        for currency in currencies:
            make("prices", price_book=book.pk, product=product.pk, price={"amount": "5", "currency": currency})
    writes.change(product, {"is_active": False}, by=SYSTEM)
    page = client.get("/pricing/missing/").content.decode()
    assert "1 price is missing." in page
    assert ">Hook</a>" in page
    assert ">Rope</a>" not in page
    make("prices", price_book=book.pk, product=product.pk - 1, price={"amount": "5", "currency": "NOK"})
    assert "No price is missing" in client.get("/pricing/missing/", {"price_book": book.pk}).content.decode()
