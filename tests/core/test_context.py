"""What is not given comes from the record itself: the currency of an amount, the country of a phone."""

from decimal import Decimal

import pytest

from kanal.core import registry, writes
from kanal.core.cache import invalidate
from kanal.core.models import Currency, CustomField
from kanal.kit.money import Money

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _two_currencies(db):
    for code in ("EUR", "NOK"):
        Currency.objects.update_or_create(code=code, defaults={"in_use": True, "is_main": code == "EUR"})
    CustomField.objects.create(entity="ships", key="costs", name="Costs", kind="money")
    invalidate()
    yield
    invalidate()


def price_of(ship):
    return registry.get("ships").model.objects.get(pk=ship.pk)


@pytest.mark.parametrize("raw", ["250", 250, Decimal("250"), {"amount": "250"}, {"amount": 250, "currency": ""}])
def test_an_amount_alone_keeps_the_currency(make_ship, by, raw):
    ship = make_ship(price=Money(Decimal(10), "NOK"))
    writes.change(ship, {"price": raw}, by=by)
    assert (price_of(ship).price, price_of(ship).currency) == (250, "NOK")
    writes.change_each(registry.get("ships"), {ship.pk: {"price": {"amount": "7"}}}, by=by)
    assert (price_of(ship).price, price_of(ship).currency) == (7, "NOK")


def test_no_amount_keeps_the_currency(make_ship, by):
    ship = make_ship(price=Money(Decimal(10), "NOK"))
    writes.change(ship, {"price": None}, by=by)
    writes.change(ship, {"price": "5"}, by=by)
    assert (price_of(ship).price, price_of(ship).currency) == (5, "NOK")


def test_a_currency_is_kept_without_an_amount(make_ship, by):
    ship = make_ship(price={"amount": "", "currency": "NOK"})
    assert (price_of(ship).price, price_of(ship).currency) == (None, "NOK")
    writes.change(ship, {"price": {"amount": None, "currency": "EUR"}}, by=by)
    assert price_of(ship).currency == "EUR"
    revision = price_of(ship).revision
    writes.change(ship, {"price": {"amount": None, "currency": "EUR"}}, by=by)
    assert price_of(ship).revision == revision


def test_a_currency_alone_keeps_the_amount(make_ship, by):
    ship = make_ship(price=Money(Decimal(10), "NOK"))
    writes.change(ship, {"price": {"currency": "EUR"}}, by=by)
    assert (price_of(ship).price, price_of(ship).currency) == (10, "EUR")


def test_custom_money_keeps_its_currency(make_ship, by):
    ship = make_ship(custom={"costs": {"amount": "5", "currency": "NOK"}})
    writes.change(ship, {"custom": {"costs": "8"}}, by=by)
    assert price_of(ship).custom["costs"] == {"amount": "8.00", "currency": "NOK"}


@pytest.mark.parametrize(
    ("country", "typed", "stored"),
    [
        ("DK", "33 12 34 56", "+4533123456"), ("GB", "020 7946 0958", "+442079460958"),
        ("DE", "0171 / 1234567", "+491711234567"), ("SE", "08-123 456 78", "+46812345678"),
        ("CZ", "601 234 567", "+420601234567"), ("US", "(212) 555-0123", "+12125550123"),
    ],
)  # fmt: skip
def test_a_phone_belongs_to_the_country_of_its_record(by, country, typed, stored):
    accounts = registry.get("accounts")
    account = writes.create(
        accounts, {"organization": "A", "type": "organization", "country": country, "phone": typed}, by=by
    )
    assert account.phone == stored
    account = writes.change(account, {"phone": ""}, by=by)
    assert writes.change(account, {"phone": typed}, by=by).phone == stored
    account = writes.create(accounts, {"organization": "B", "type": "organization", "country": "NO"}, by=by)
    assert writes.change(account, {"phone": typed, "country": country}, by=by).phone == stored
    many = [{"organization": "C", "type": "organization", "country": country, "phone": typed}] * 3
    assert [record.phone for record in writes.create_many(accounts, many, by=by).records] == [stored] * 3
