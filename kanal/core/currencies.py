"""The currencies in use, the main one, and today's rates; cached, since every sum of money asks for them."""

import datetime as dt
from decimal import Decimal

from babel.numbers import get_territory_currencies

from kanal.core.cache import cached
from kanal.core.context import today
from kanal.core.models import Currency, ExchangeRate

FALLBACK = "EUR"


@cached
def rows() -> list[Currency]:
    """Read the currencies."""
    return list(Currency.objects.filter(in_use=True))


def main() -> str:
    """Return the code of the main currency."""
    return next((row.code for row in rows() if row.is_main), FALLBACK)


def in_use() -> list[str]:
    """Return the codes in use, the main one first."""
    codes = [row.code for row in rows()] or [FALLBACK]
    return sorted(codes, key=lambda code: code != main())


def of_country(country: str) -> str:
    """Return the currency that is usual in a country, if it is in use; else nothing."""
    usual = get_territory_currencies(country) if country else []
    return next((code for code in usual if code in in_use()), "")


def rates(day: dt.date | None = None) -> dict[str, Decimal]:
    """Return each currency's value of one unit in the main currency on a day (today); the newest rate up to it."""
    return rates_on(day or today())


@cached
def rates_on(day: dt.date) -> dict[str, Decimal]:
    """Return the rates of a day, cached for each day: for some users it is tomorrow already."""
    newest = ExchangeRate.objects.filter(day__lte=day).order_by("currency_id", "-day").distinct("currency_id")
    rates_by_code = dict(newest.values_list("currency__code", "rate"))
    return {**rates_by_code, main(): Decimal(1)}


def to_main(amount: Decimal | None, currency: str, day: dt.date | None = None) -> Decimal | None:
    """Convert an amount to the main currency, 4 decimals; None where there is no rate."""
    rate = rates(day).get(currency)
    return None if amount is None or rate is None else round(amount * rate, 4)
