"""The currencies of a new installation (INIT-2), with initial rates. Administrators enter newer ones."""

import datetime as dt
from decimal import Decimal

from kanal.core.models import Currency, ExchangeRate

FIRST_DAY = dt.date(2020, 1, 1)
RATES = {"EUR": None, "USD": "0.92", "GBP": "1.16", "NOK": "0.086", "CZK": "0.0405", "JPY": "0.0061"}


def seed() -> None:
    """Add the currencies to an installation without any."""
    if Currency.objects.exists():
        return
    for place, (code, rate) in enumerate(RATES.items()):
        currency = Currency.objects.create(code=code, is_main=rate is None, position=place)
        if rate:
            ExchangeRate.objects.create(currency=currency, day=FIRST_DAY, rate=Decimal(rate))
