"""Missing prices in price books: a product or bundle without one in a currency or brand of its book (PB-8)."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from kanal.core import registry
from kanal.core.access import FieldContext, require, visible_to
from kanal.core.context import today
from kanal.entities.pricebooks.models import Bundle, Product
from kanal.entities.pricebooks.rules import holds_on
from kanal.kit.errors import NotAllowed

SHOWN = 500
NEEDED = {"price_book", "product", "bundle", "price", "brand", "valid_from", "valid_to"}
Thing = tuple[str, int]


@dataclass(frozen=True)
class Held:
    """The scope of a price. Without a brand it applies to all of them."""

    book: int
    thing: Thing
    currency: str
    brand: int | None
    valid_from: dt.date | None = None
    valid_to: dt.date | None = None


@dataclass(frozen=True, order=True)
class Gap:
    """A missing price on a day: in a book, for a product or bundle, in a currency, for a brand if the book has some."""

    book: int
    thing: Thing
    currency: str
    brand: int | None


def gaps(prices: Iterable[Held], brands: Mapping[int, Sequence[int]], day: dt.date) -> list[Gap]:
    """Return the missing prices. Everything with a price in a book should have one in each of its currencies."""
    currencies, things = defaultdict[int, set[str]](set), defaultdict[int, set[Thing]](set)
    held: set[Gap] = set()
    for price in prices:
        currencies[price.book].add(price.currency)
        things[price.book].add(price.thing)
        if holds_on(price, day):
            held.add(Gap(price.book, price.thing, price.currency, price.brand))
    return [
        Gap(book, thing, currency, brand)
        for book in things
        for thing in sorted(things[book])
        for currency in sorted(currencies[book])
        for brand in (brands.get(book) or (None,))
        if not held & {Gap(book, thing, currency, None), Gap(book, thing, currency, brand)}
    ]


def held_prices(user: Any, books: Iterable[int]) -> list[Held]:
    """Return the prices of active products and bundles in some books, if both are visible to the user."""
    visible = {key: visible_to(user, registry.get(f"{key}s")).filter(is_active=True) for key in ("product", "bundle")}
    prices = visible_to(user, registry.get("prices")).filter(price_book__in=list(books))
    prices = prices.filter(Q(product__in=visible["product"]) | Q(bundle__in=visible["bundle"]))
    columns = ("price_book_id", "product_id", "bundle_id", "currency", "brand_id", "valid_from", "valid_to")
    return [
        Held(book, ("product", product) if product else ("bundle", bundle), *more)
        for book, product, bundle, *more in prices.values_list(*columns)
    ]


def missing_prices(request: HttpRequest) -> HttpResponse:
    """List the prices missing today in one or all active books, for users who may add them."""
    require(request.user, registry.get("prices"), "add")
    if not set(FieldContext(request.user, registry.get("prices")).readable) >= NEEDED:
        raise NotAllowed
    records = visible_to(request.user, registry.get("price-books")).filter(is_active=True)
    books = {book.pk: book for book in records.prefetch_related("brands").order_by("name")}
    chosen = next((pk for pk in books if str(pk) == request.GET.get("price_book")), None)
    brands = {pk: [brand.pk for brand in book.brands.all()] for pk, book in books.items()}
    missing = gaps(held_prices(request.user, [chosen] if chosen else books), brands, today())
    context = {"rows": missing_price_rows(missing[:SHOWN], books), "count": len(missing), "shown": SHOWN,
               "books": books.values(), "chosen": chosen}  # fmt: skip
    return render(request, "pricebooks/missing.html", context)


def missing_price_rows(missing: Sequence[Gap], books: Mapping[int, Any]) -> list[dict[str, Any]]:
    """Return the missing prices with names, in two queries."""
    things: dict[Thing, Any] = {}
    for key, model in (("product", Product), ("bundle", Bundle)):
        ids = {gap.thing[1] for gap in missing if gap.thing[0] == key}
        things |= {(key, pk): record for pk, record in model._default_manager.in_bulk(ids).items()}
    return [
        {
            "thing": things[gap.thing],
            "book": books[gap.book],
            "currency": gap.currency,
            "brand": next((brand for brand in books[gap.book].brands.all() if brand.pk == gap.brand), None),
        }
        for gap in missing
    ]
