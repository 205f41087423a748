"""Rules of a sale: the contracts for each line of a quote (SOLD-1). No database."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from kanal.entities.quotes.rules import with_rounding
from kanal.kit.currencies import digits
from kanal.kit.money import share


@dataclass(frozen=True)
class Part:
    """A product of a bundle: its amount per bundle, weight and category."""

    product: int
    name: str
    category: int
    amount: Decimal
    weight: Decimal
    unit: str | None = None


@dataclass(frozen=True)
class Sold:
    """A line of a quote for the sale. `parts` are a bundle's products."""

    item: int
    name: str
    amount: Decimal
    price: Decimal
    value: Decimal
    category: int | None = None
    product: int | None = None
    unit: str | None = None
    parts: tuple[Part, ...] = ()


@dataclass(frozen=True)
class Plan:
    """A contract to create: item and product, price per period, and value over the term."""

    item: int
    product: int | None
    name: str
    category: int
    amount: Decimal
    price: Decimal
    value: Decimal
    unit: str | None = None

    @property
    def key(self) -> tuple[int, int | None]:
        """Return the key to find the contract when the opportunity is sold again."""
        return (self.item, self.product)


def plans(lines: Sequence[Sold], rounding: Decimal, hand_category: int, currency: str) -> list[Plan]:
    """Return the contracts of a quote. Their values sum to the quote's, to the last digit of the currency.

    A bundle has one per product by weight, a manual line the given category. A rounding is added to the largest line.
    """
    values = with_rounding([line.value for line in lines], rounding)
    prices = with_rounding([line.price for line in lines], Decimal(0))
    result: list[Plan] = []
    for line, value, price in zip(lines, values, prices, strict=True):
        rounded = replace(line, value=value, price=price + (value - line.value if line.price == line.value else 0))
        result += parted(rounded, currency) if line.parts else [whole(rounded, hand_category)]
    return result


def whole(line: Sold, hand_category: int) -> Plan:
    """Return the contract of a product or manual line."""
    category = hand_category if line.category is None else line.category
    return Plan(line.item, line.product, line.name, category, line.amount, line.price, line.value, line.unit)


def parted(line: Sold, currency: str) -> list[Plan]:
    """Divide a bundle among its products by weight, equally if all weights are zero."""
    weights: list[Any] = [part.weight for part in line.parts]
    if not sum(weights):
        weights = [1] * len(weights)
    prices = share(line.price, weights, digits(currency))
    values = share(line.value, weights, digits(currency))
    return [
        Plan(line.item, part.product, part.name, part.category, line.amount * part.amount, price, value, part.unit)
        for part, price, value in zip(line.parts, prices, values, strict=True)
    ]
