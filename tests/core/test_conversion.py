"""A new exchange rate renews what open records are worth; sold ones keep the rate of the sale (QUOTE-6)."""

import datetime as dt
from decimal import Decimal

import pytest
from django.utils import timezone

from kanal.core import conversion, currencies, registry, writes
from kanal.core.actor import SYSTEM
from kanal.core.cache import invalidate
from kanal.core.models import Change, Currency, CustomField, ExchangeRate
from kanal.core.query import FilterContext, condition, order_of, parse
from kanal.entities.accounts.tests.factories import make, make_project


@pytest.fixture
def _rates(db):
    for code, rate in (("USD", "0.9"), ("NOK", "0.1")):
        currency, _made = Currency.objects.get_or_create(code=code, defaults={"position": 9})
        Currency.objects.filter(pk=currency.pk).update(in_use=True)
        ExchangeRate.objects.filter(currency=currency).delete()
        ExchangeRate.objects.create(currency=currency, day=dt.date(2020, 1, 1), rate=Decimal(rate))
    invalidate()


def put(code, rate, day=None):
    ExchangeRate.objects.update_or_create(
        currency=Currency.objects.get(code=code), day=day or dt.date.today(), defaults={"rate": Decimal(rate)}
    )
    invalidate()


@pytest.mark.usefixtures("_rates")
def test_open_records_follow_a_new_rate_and_sold_ones_keep_theirs():
    project = make_project()
    usd = {"value": {"amount": "1000", "currency": "USD"}, "project": project.pk}
    lead = make("leads", subject="L", **usd)
    deal, sold = (make("opportunities", name=name, **usd) for name in ("Open", "Sold"))
    writes.update_system_fields(sold, by=SYSTEM, sold_at=timezone.now())
    put("USD", "0.5")
    before = Change.objects.count()
    assert conversion.renew_all() >= 2
    assert conversion.renew_all() == 0
    for record, worth in ((lead, 500), (deal, 500), (sold, 900)):
        record.refresh_from_db()
        assert record.value_main == worth
    assert Change.objects.count() == before, "a rate is no change of a record"
    from kanal.core import subtotals

    entity = registry.get("opportunities")
    rows = [
        row for row in subtotals.read_subtotals(entity, ["value", "value_main"], None, [project.pk]) if row[1] == "USD"
    ]
    assert sum(row[4] for row in rows) == 1400


@pytest.mark.usefixtures("_rates")
def test_a_rate_of_the_future_is_valid_on_its_day(monkeypatch):
    put("USD", "0.5", dt.date.today() + dt.timedelta(days=3))
    assert currencies.rates()["USD"] == Decimal("0.9")
    assert currencies.rates(dt.date.today() + dt.timedelta(days=3))["USD"] == Decimal("0.5")


@pytest.mark.usefixtures("_rates")
def test_custom_money_is_compared_and_sorted_in_the_main_currency(make_ship, admin):
    """CF-4: NOK 12.50 is less than 10 EUR; the order is that of the worth."""
    CustomField.objects.create(entity="ships", key="toll", name="Toll", kind="money", filterable=True)
    invalidate()
    ships = registry.get("ships")
    worth = {"NOK": "12.50", "EUR": "11", "USD": "12"}
    made = {code: make_ship(custom={"toll": {"amount": amount, "currency": code}}).pk for code, amount in worth.items()}

    records = ships.model._default_manager.filter(pk__in=made.values())

    def found(text):
        ids = set(records.filter(condition(parse(text), ships, FilterContext(admin))).values_list("pk", flat=True))
        return {code for code, pk in made.items() if pk in ids}

    def ordered():
        ((_key, order),) = order_of("custom.toll", ships, FilterContext(admin))[:1]
        names = {pk: code for code, pk in made.items()}
        return [names[pk] for pk in records.order_by(order).values_list("pk", flat=True)]

    assert found("custom.toll:gt(10,EUR)") == {"EUR", "USD"}
    assert found("custom.toll:lt(10,EUR)") == {"NOK"}
    assert found("custom.toll:gt(115,NOK)") == set()
    assert found("custom.toll:gt(105,NOK)") == {"EUR", "USD"}
    assert ordered() == ["NOK", "USD", "EUR"]
    put("NOK", "1")
    assert found("custom.toll:gt(10,EUR)") == {"EUR", "NOK", "USD"}
    assert ordered() == ["USD", "EUR", "NOK"]
