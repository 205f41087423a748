"""Which price holds, without a database (PB-5)."""

import datetime as dt
from decimal import Decimal

from kanal.entities.pricebooks.models import Price
from kanal.entities.pricebooks.rules import best_price, per_unit

DAY = dt.date(2026, 11, 23)


def price(amount=1, cost=10, pk=1, **values):
    return Price(pk=pk, amount=Decimal(amount), price=Decimal(cost), currency="EUR", **values)


def best(prices, amount=1, **wanted):
    params = {"currency": "EUR", "brand": None, "version": None, "day": DAY, **wanted}
    return best_price(prices, **params, amount=Decimal(amount))


def test_the_highest_step_that_is_reached_holds():
    steps = [price(1, 10, 1), price(10, 80, 2), price(100, 600, 3)]
    assert [best(steps, amount).pk for amount in (1, 9, 10, 99, 100)] == [1, 1, 2, 2, 3]
    assert per_unit(steps[1]) == 8


def test_the_lowest_step_holds_for_less_than_it():
    assert best([price(10, 80, 2)], 3).pk == 2


def test_a_price_of_the_brand_goes_before_one_for_all():
    assert best([price(pk=1), price(pk=2, brand_id=7)], brand=7).pk == 2
    assert best([price(pk=1), price(pk=2, brand_id=7)], brand=8).pk == 1


def test_a_price_holds_from_its_first_to_its_last_day():
    early = price(valid_to=DAY)
    assert best([early]) is early
    assert best([early], day=DAY + dt.timedelta(days=1)) is None
    assert best([early], currency="NOK") is None
