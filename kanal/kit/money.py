"""Money: exact decimals with a currency, rounding, shares, conversion. See numbers.py for formatting."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Context, Decimal
from fractions import Fraction

from django.utils.translation import gettext_lazy as _

from kanal.kit.currencies import digits
from kanal.kit.errors import Invalid

# Precise enough that no product of two stored amounts is truncated before rounding.
_EXACT = Context(prec=80, rounding=ROUND_HALF_EVEN)


def round_to_currency(amount: Decimal, currency: str) -> Decimal:
    """Round half to even to the currency's decimals."""
    return amount.quantize(Decimal(1).scaleb(-digits(currency)), context=_EXACT)


def round_to_step(amount: Decimal, step: Decimal) -> Decimal:
    """Round half to even to the nearest multiple of a positive step (QUOTE-3: the rounding item)."""
    if step <= 0:
        raise ValueError("a step is positive")
    count = round(Fraction(amount) / Fraction(step))
    return _EXACT.multiply(Decimal(count), step)


def share(total: Decimal, weights: Sequence[Decimal | int], places: int = 2) -> list[Decimal]:
    """Split a total by weights so that the parts add up exactly (largest remainder; ties go to the earlier one).

    Parts have `places` decimals, or as many as the total if it has more.
    """
    ratios = [Fraction(weight) for weight in weights]
    if any(ratio < 0 for ratio in ratios) or not sum(ratios):
        raise ValueError("weights are not negative and not all zero")
    exponent = total.as_tuple().exponent
    places = max(places, -exponent if isinstance(exponent, int) else 0)
    unit = Decimal(1).scaleb(-places)
    units = int(Fraction(total) / Fraction(unit))
    sign, units = (-1, -units) if units < 0 else (1, units)
    exact = [units * ratio / sum(ratios) for ratio in ratios]
    parts = [int(part) for part in exact]
    by_remainder = sorted(range(len(exact)), key=lambda i: parts[i] - exact[i])
    for i in by_remainder[: units - sum(parts)]:
        parts[i] += 1
    return [_EXACT.multiply(Decimal(sign * part), unit) for part in parts]


@dataclass(frozen=True, slots=True)
class Money:
    """An exact amount in one currency. Amounts in different currencies don't mix without a rate."""

    amount: Decimal
    currency: str

    def __post_init__(self) -> None:
        if isinstance(self.amount, int) and not isinstance(self.amount, bool):
            object.__setattr__(self, "amount", Decimal(self.amount))
        if not isinstance(self.amount, Decimal) or not self.amount.is_finite():
            raise TypeError("an amount of money is a finite decimal")
        if not (len(self.currency) == 3 and self.currency.isascii() and self.currency.isupper()):
            raise ValueError("a currency is three capital letters")

    def _same(self, other: Money) -> Decimal:
        if not isinstance(other, Money) or other.currency != self.currency:
            raise Invalid(_("Amounts in different currencies can't be added or compared."))
        return other.amount

    def __add__(self, other: Money) -> Money:
        return Money(_EXACT.add(self.amount, self._same(other)), self.currency)

    def __sub__(self, other: Money) -> Money:
        return Money(_EXACT.subtract(self.amount, self._same(other)), self.currency)

    def __neg__(self) -> Money:
        return Money(self.amount.copy_negate(), self.currency)

    def __mul__(self, factor: Decimal | int) -> Money:
        if isinstance(factor, (float, bool)):
            raise TypeError("money is multiplied by decimals or whole numbers")
        return Money(_EXACT.multiply(self.amount, Decimal(factor)), self.currency)

    __rmul__ = __mul__

    def __lt__(self, other: Money) -> bool:
        return self.amount < self._same(other)

    def __le__(self, other: Money) -> bool:
        return self.amount <= self._same(other)

    def __bool__(self) -> bool:
        return bool(self.amount)

    def rounded(self) -> Money:
        """Return the amount rounded half to even to the currency's decimals."""
        return Money(round_to_currency(self.amount, self.currency), self.currency)

    def shares(self, weights: Sequence[Decimal | int]) -> list[Money]:
        """Split by weights, rounded to the currency's decimals, without losing a cent."""
        return [Money(part, self.currency) for part in share(self.amount, weights, digits(self.currency))]


def total_of(amounts: Iterable[Money], currency: str) -> Money:
    """Return the sum of amounts that are all in the given currency."""
    result = Money(Decimal(0), currency)
    for amount in amounts:
        result += amount
    return result


def convert(money: Money, to: str, rates: Mapping[str, Decimal]) -> Money:
    """Convert by rates, in units of each currency per unit of the main one (whose rate is 1)."""
    if money.currency == to:
        return money
    for currency in (money.currency, to):
        if not rates.get(currency):
            raise Invalid(_("There is no exchange rate for %(currency)s.") % {"currency": currency})
    exact = _EXACT.divide(_EXACT.multiply(money.amount, rates[to]), rates[money.currency])
    return Money(round_to_currency(exact, to), to)
