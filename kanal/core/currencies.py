"""The currencies in use, the main one, and today's rates, cached as every sum of money needs them."""

import datetime as dt
from decimal import Decimal

from babel.numbers import get_territory_currencies

from kanal.core.cache import cached
from kanal.core.context import today
from kanal.core.models import Currency, ExchangeRate

FALLBACK = "EUR"


@cached
def rows() -> list[Currency]:
    """Return the currencies."""
    return list(Currency.objects.filter(in_use=True))


def main() -> str:
    """Return the code of the main currency."""
    return next((row.code for row in rows() if row.is_main), FALLBACK)


def in_use() -> list[str]:
    """Return the codes in use, the main one first."""
    codes = [row.code for row in rows()] or [FALLBACK]
    return sorted(codes, key=lambda code: code != main())


def of_country(country: str) -> str:
    """Return the usual currency of a country if it is in use, otherwise an empty text."""
    usual = get_territory_currencies(country) if country else []
    return next((code for code in usual if code in in_use()), "")


def rates(day: dt.date | None = None) -> dict[str, Decimal]:
    """Return the value of one unit of each currency in the main one on a day (today), by the newest rate up to it."""
    return rates_on(day or today())


@cached
def rates_on(day: dt.date) -> dict[str, Decimal]:
    """Return the rates of a day, cached per day, as it is already tomorrow for some users."""
    newest = ExchangeRate.objects.filter(day__lte=day).order_by("currency_id", "-day").distinct("currency_id")
    rates_by_code = dict(newest.values_list("currency__code", "rate"))
    return {**rates_by_code, main(): Decimal(1)}


def to_main(amount: Decimal | None, currency: str, day: dt.date | None = None) -> Decimal | None:
    """Convert an amount to the main currency with 4 decimals. Return None if there is no rate."""
    rate = rates(day).get(currency)
    return None if amount is None or rate is None else round(amount * rate, 4)
