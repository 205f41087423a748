"""Prices of products and bundles: those available in a book, and the valid one. Read-only, by the rules in rules.py."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db.models import Q, QuerySet

from kanal.core.context import today
from kanal.entities.pricebooks.models import Bundle, Price, PriceBook, Product, Recurrence
from kanal.entities.pricebooks.rules import best_price, fits, per_unit


@dataclass(frozen=True)
class Wanted:
    """The criteria for a price: book, currency, brand, version, and the day (default today)."""

    book: int | None
    currency: str
    brand: int | None = None
    version: int | None = None
    day: dt.date = field(default_factory=today)

    def rule(self) -> dict[str, Any]:
        """Return the criteria as arguments for the rules."""
        return {"currency": self.currency, "brand": self.brand, "version": self.version, "day": self.day}


@dataclass(frozen=True)
class Found:
    """The price of one unit and its source in the book. A bundle may cost the sum of its products' prices."""

    unit_price: Decimal
    recurrence: str
    unit_id: int | None
    origin: dict[str, Any]


def books_for(project_id: int) -> QuerySet[PriceBook]:
    """Return the active books for quotes in a project. A book without projects is available everywhere."""
    books = PriceBook.objects.filter(is_active=True)
    return books.filter(Q(projects=project_id) | Q(projects__isnull=True)).distinct().order_by("name", "id")


def price_of(
    thing: Product | Bundle,
    wanted: Wanted,
    amount: Decimal = Decimal(1),
    *,
    recurrence: str = "",
    unit: int | None = None,
) -> Found | None:
    """Return the price per unit of a product or bundle for an amount, or None if the book has none."""
    if isinstance(thing, Bundle) and not thing.own_price:
        return price_of_parts(thing, wanted, amount)
    column = "bundle" if isinstance(thing, Bundle) else "product"
    prices = Price.objects.filter(**{column: thing, "price_book": wanted.book, "currency": wanted.currency})
    if recurrence:
        prices = prices.filter(recurrence=recurrence)
    if unit is not None:
        prices = prices.filter(unit=unit)
    price = best_price(narrowed(prices, thing, wanted), **wanted.rule(), amount=amount)
    return found_by(price, wanted) if price else None


def narrowed(prices: Iterable[Price], thing: Product | Bundle, wanted: Wanted) -> list[Price]:
    """Return the prices of one unit, preferably the default, and one recurrence, one-off before monthly and others."""
    fitting = [price for price in prices if fits(price, **wanted.rule())]
    order = list(Recurrence.values)
    kinds = {(price.unit_id, price.recurrence) for price in fitting}
    chosen = min(kinds, key=lambda kind: (kind[0] != thing.default_unit_id, order.index(kind[1])), default=None)
    return [price for price in fitting if (price.unit_id, price.recurrence) == chosen]


def found_by(price: Price, wanted: Wanted) -> Found:
    """Return the unit price and source of a price."""
    origin = {
        "price_book": price.price_book_id,
        "price": price.pk,
        "step": f"{price.amount:f}",
        "day": wanted.day.isoformat(),
    }
    return Found(per_unit(price), price.recurrence, price.unit_id, origin)


def price_of_parts(bundle: Bundle, wanted: Wanted, amount: Decimal) -> Found | None:
    """Return the sum of a bundle's product prices, or None if one is missing or the recurrences differ."""
    total, recurrences, prices = Decimal(0), set(), []
    for item in bundle.items.select_related("product"):
        price = price_of(item.product, wanted, item.amount * amount)
        if price is None:
            return None
        total += price.unit_price * item.amount
        recurrences.add(price.recurrence)
        prices.append(price.origin["price"])
    if len(recurrences) != 1:
        return None
    origin = {"price_book": wanted.book, "prices": prices, "day": wanted.day.isoformat()}
    return Found(round(total, 4), recurrences.pop(), bundle.default_unit_id, origin)


@dataclass
class Offer:
    """A product or bundle available for quotes, with its prices in the book (other units, steps, recurrences)."""

    thing: Product | Bundle
    prices: list[Price]
    price: Found


def offers(wanted: Wanted, search: str = "", limit: int = 100, *, by_code: bool = True) -> list[Offer]:
    """List the products and bundles that have a price in the given book, currency, brand and version (QUOTE-1).

    `by_code` includes codes in the search, which isn't for users who can't read them.
    """
    prices = Price.objects.filter(price_book=wanted.book, currency=wanted.currency).select_related("unit")
    by_thing: dict[tuple[str, int | None], list[Price]] = defaultdict(list)
    for price in prices:
        if fits(price, **wanted.rule()):
            by_thing["product" if price.product_id else "bundle", price.product_id or price.bundle_id].append(price)
    named = Q(name__icontains=search) if search else Q()
    if search and by_code:
        named |= Q(code__icontains=search)
    products = Product.objects.filter(named, is_active=True, pk__in=[pk for kind, pk in by_thing if kind == "product"])
    bundles = Bundle.objects.filter(named, is_active=True, price_book=wanted.book).prefetch_related("items__product")
    products, bundles = products.select_related("default_unit"), bundles.select_related("default_unit")
    results = []
    things: list[Product | Bundle] = [*products.order_by("name")[:limit], *bundles.order_by("name")[:limit]]
    for thing in things:
        own = by_thing["bundle" if isinstance(thing, Bundle) else "product", thing.pk]
        best = best_price(narrowed(own, thing, wanted), **wanted.rule())
        offer_price = found_by(best, wanted) if best else price_of(thing, wanted)
        if offer_price is not None:
            results.append(Offer(thing, own, offer_price))
    return results
