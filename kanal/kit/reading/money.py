"""Amounts of money: a number with the symbol, abbreviation or code of a currency."""

from __future__ import annotations

import re
from collections.abc import Collection
from decimal import Decimal
from typing import NamedTuple

from babel.numbers import list_currencies
from django.utils.translation import gettext_lazy as _

from kanal.kit.errors import Ambiguous, Invalid
from kanal.kit.reading.characters import LONGEST, normalize_characters
from kanal.kit.reading.numbers import read_number

# The currencies that a symbol or abbreviation can mean, the most common first.
_MARKS: dict[str, tuple[str, ...]] = {
    "€": ("EUR",), "£": ("GBP",), "$": ("USD", "CAD", "AUD", "NZD", "SGD", "HKD", "MXN"), "¥": ("JPY", "CNY"),
    "₹": ("INR",), "₽": ("RUB",), "₴": ("UAH",), "₺": ("TRY",), "₩": ("KRW",), "₪": ("ILS",), "฿": ("THB",),
    "₫": ("VND",), "₱": ("PHP",), "₦": ("NGN",), "kr": ("NOK", "SEK", "DKK", "ISK"), "kč": ("CZK",), "zł": ("PLN",),
    "zl": ("PLN",), "ft": ("HUF",), "lei": ("RON",), "лв": ("BGN",), "fr": ("CHF",), "sfr": ("CHF",), "rs": ("INR",),
    "us$": ("USD",), "a$": ("AUD",), "au$": ("AUD",), "c$": ("CAD",), "ca$": ("CAD",), "nz$": ("NZD",),
    "s$": ("SGD",), "hk$": ("HKD",), "mx$": ("MXN",), "r$": ("BRL",), "euro": ("EUR",), "euros": ("EUR",),
    "eur": ("EUR",), "dollar": ("USD",), "dollars": ("USD",), "kroner": ("NOK", "DKK"), "kronor": ("SEK",),
    "rmb": ("CNY",), "руб": ("RUB",), "tl": ("TRY",), "円": ("JPY",), "元": ("CNY",), "грн": ("UAH",), "rp": ("IDR",),
    "дин": ("RSD",), "kronen": ("NOK", "DKK", "SEK"), "pounds": ("GBP",), "e£": ("EGP",), "jp¥": ("JPY",),
    "cn¥": ("CNY",), "nt$": ("TWD",), "can$": ("CAD",), "nkr": ("NOK",), "skr": ("SEK",), "dkr": ("DKK",),
}  # fmt: skip
_EDGES = re.compile(r"(?P<before>[^\d.,'()+\-\s]*)\s*(?P<number>.*?)\s*(?P<after>[^\d,'()+\-\s]*)", re.DOTALL)
_OPEN = re.compile(r"(?P<sign>\(|[+-])?\s*(?P<rest>.*?)\s*(?P<close>\))?", re.DOTALL)


class Amount(NamedTuple):
    """An amount and its currency, or "" if neither the text nor its context names one."""

    amount: Decimal
    currency: str


def read_money(
    text: str, currency: str | None = None, decimal_sign: str | None = None, in_use: Collection[str] = ()
) -> Amount:
    """Return the amount in a text with its currency. Raise Invalid for none, Ambiguous for several.

    A currency in the text takes precedence. If its symbol is shared ("kr", "$"), `currency` decides if it shares the
    symbol, then the only candidate `in_use`. If the text names none, `currency` is returned.
    """
    if len(text) > LONGEST:
        raise _no_money(text)
    number, marks = _apart(normalize_characters(text))
    stated = {_stated(mark, text, currency, in_use) for mark in marks}
    if len(stated) > 1:
        raise Ambiguous(text.strip(), sorted(stated))
    try:
        amount = read_number(number, decimal_sign)
    except Ambiguous as several:
        raise Ambiguous(text.strip(), several.readings) from None
    except Invalid:
        raise _no_money(text) from None
    return Amount(amount, stated.pop() if stated else currency or "")


def read_currency(text: str, currency: str | None = None, in_use: Collection[str] = ()) -> str:
    """Return the code of the currency that a text consists of: "EUR", "€", "kr". Raise Invalid or Ambiguous."""
    return _stated(normalize_characters(text).strip(". ").lower(), text, currency, in_use)


def is_currency(text: str) -> bool:
    """Return whether a text is the symbol, abbreviation or code of a currency."""
    return normalize_characters(text).strip(". ").lower() in _MARKS or text.strip() in list_currencies()


def _apart(text: str) -> tuple[str, list[str]]:
    """Return the number and the currency marks around it. A minus or bracket may be outside a mark."""
    opened = _OPEN.fullmatch(text)
    assert opened
    edges = _EDGES.fullmatch(opened["rest"])
    assert edges
    number = edges["number"]
    before, after = edges["before"], edges["after"]
    if before and number.startswith("."):
        number = number[1:].strip()  # "kr. 1 200"
    if not after.strip("."):
        number, after = (number + after), ""
    number = f"{opened['sign'] or ''}{number}{opened['close'] or ''}"
    return number, [mark.strip(".").lower() for mark in (before, after) if mark.strip(".")]


def _stated(mark: str, text: str, currency: str | None, in_use: Collection[str]) -> str:
    """Return the currency that a mark means in its context."""
    known = _MARKS.get(mark)
    if known is None:
        if re.fullmatch(r"[a-z]{3}", mark):
            return mark.upper()
        raise _no_money(text)
    if currency in known:
        return str(currency)
    used = [code for code in known if code in in_use]
    if len(used) == 1 or len(known) == 1:
        return (used or known)[0]
    raise Ambiguous(text.strip(), used or known)


def _no_money(text: str) -> Invalid:
    return Invalid(_("“%(text)s” is not an amount of money.") % {"text": text.strip()[:40]})
