"""What products and bundles cost: which prices a book offers, and the one that holds. Reads; decides by rules.py."""

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
    """For what a price is looked for: the book, the currency, brand, version, and the day (today)."""

    book: int | None
    currency: str
    brand: int | None = None
    version: int | None = None
    day: dt.date = field(default_factory=today)

    def rule(self) -> dict[str, Any]:
        """Return it as the rules take it."""
        return {"currency": self.currency, "brand": self.brand, "version": self.version, "day": self.day}


@dataclass(frozen=True)
class Found:
    """What one unit costs, by which price of the book; a bundle may cost the sum of its products' prices."""

    unit_price: Decimal
    recurrence: str
    unit_id: int | None
    origin: dict[str, Any]


def books_for(project_id: int) -> QuerySet[PriceBook]:
    """Return the active books that one may quote from in a project; a book without projects holds everywhere."""
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
    """Return what one unit of a product or a bundle costs for an amount, or None where the book has no price for it."""
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
    """Keep one recurrence and one unit: the product's own unit first, then one-off before monthly and the rest."""
    fitting = [price for price in prices if fits(price, **wanted.rule())]
    order = list(Recurrence.values)
    kinds = {(price.unit_id, price.recurrence) for price in fitting}
    chosen = min(kinds, key=lambda kind: (kind[0] != thing.default_unit_id, order.index(kind[1])), default=None)
    return [price for price in fitting if (price.unit_id, price.recurrence) == chosen]


def found_by(price: Price, wanted: Wanted) -> Found:
    """Return what one unit costs by a price, and where that comes from."""
    origin = {
        "price_book": price.price_book_id,
        "price": price.pk,
        "step": f"{price.amount:f}",
        "day": wanted.day.isoformat(),
    }
    return Found(per_unit(price), price.recurrence, price.unit_id, origin)


def price_of_parts(bundle: Bundle, wanted: Wanted, amount: Decimal) -> Found | None:
    """Return the sum of what a bundle's products cost; None where one has no price, or they fall due differently."""
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
    """A product or a bundle that can be quoted, with its prices in the book (of other units, steps, recurrences)."""

    thing: Product | Bundle
    prices: list[Price]
    price: Found


def offers(wanted: Wanted, search: str = "", limit: int = 100, *, by_code: bool = True) -> list[Offer]:
    """List what a book offers in the wanted currency, brand and version; only what has a price there (QUOTE-1).

    `by_code` lets the search look at codes too: not for who may not read them.
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
