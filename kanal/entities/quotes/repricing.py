"""When a row's price follows its price book, and when it doesn't (QUOTE-3, QUOTE-3a).

| what changes | price from the book | manual price |
| --- | --- | --- |
| the amount, to another volume step | takes the price of the step | stays; the list price is the step's |
| the amount, within its step | stays, even if the book has changed | stays |
| the quote's book, brand or version | takes the new price, if there is one | stays; the list price follows |
| the currency | takes the price in it (QUOTE-4) | is converted by the day's rate |
| a date of the quote | stays: it's from the day it was taken | stays |
"""

import datetime as dt
from decimal import Decimal
from typing import Any

from kanal.core import writes
from kanal.core.actor import Actor
from kanal.core.context import today
from kanal.entities.pricebooks.models import Price
from kanal.entities.pricebooks.pricing import Found, Wanted, price_of
from kanal.entities.quotes.models import QuoteItem
from kanal.entities.quotes.pricing_rows import origin_of, wanted_by


def from_book(item: Any) -> bool:
    """Return whether a row's price is from a price book, or was before it was set manually."""
    return bool(item.price_origin.get("price_book")) and item.kind in (QuoteItem.Kind.PRODUCT, QuoteItem.Kind.BUNDLE)


def follows_book(item: Any) -> bool:
    """Return whether a row has the book's own price."""
    return from_book(item) and not item.price_origin.get("by_hand")


def found_in(item: Any, wanted: Wanted, amount: Decimal) -> Found | None:
    """Return the unit price of a row's product or bundle for an amount, in the row's unit."""
    thing = item.product or item.bundle
    if thing is None:
        return None
    price = Price.objects.filter(pk=item.price_origin.get("price") or 0).first()
    unit = None if price is not None and price.unit_id is None else item.unit_id
    return price_of(thing, wanted, amount, recurrence=item.recurrence, unit=unit)


def step_of(item: Any, amount: Decimal) -> Found | None:
    """Return the price of the volume step reached by an amount, on the day of the row's price."""
    day, quote = item.price_origin.get("day"), item.quote
    wanted = Wanted(
        item.price_origin["price_book"], quote.currency, quote.brand_id, quote.product_version_id,
        dt.date.fromisoformat(day) if day else today(),
    )  # fmt: skip
    price = found_in(item, wanted, amount)
    return None if price is None or is_same_step(price.origin, item.price_origin) else price


def is_same_step(origin: dict[str, Any], other: dict[str, Any]) -> bool:
    """Return whether two prices are from the same volume step of the same book."""
    if origin.get("price_book") != other.get("price_book"):
        return False
    if "step" in origin and "step" in other:
        return Decimal(origin["step"]) == Decimal(other["step"])
    return "prices" in origin and origin["prices"] == other.get("prices")


def follow_amount(item: Any, changed: set[str]) -> None:
    """Update a stored row to the price of its new amount's step, unless its price was set manually."""
    if "amount" not in changed or not from_book(item) or (price := step_of(item, item.amount)) is None:
        return
    typed = "unit_price" in changed and item.unit_price != price.unit_price
    by_hand = typed or bool(item.price_origin.get("by_hand"))
    item.list_price, item.price_origin = price.unit_price, origin_of(price, by_hand=by_hand)
    if not by_hand:
        item.unit_price = price.unit_price


def follow_book(quote: Any, by: Actor) -> bool:
    """Update a quote's rows to the prices of its new book, brand or version. Return whether any has changed."""
    wanted, is_changed = wanted_by(quote), False
    for item in quote.items.select_related("product", "bundle", "unit"):
        item.quote = quote
        price = found_in(item, wanted, item.amount) if from_book(item) else None
        if price is None:
            continue
        by_hand = bool(item.price_origin.get("by_hand"))
        columns: dict[str, Any] = {"list_price": price.unit_price, "price_origin": origin_of(price, by_hand=by_hand)}
        writes.update_system_fields(item, by=by, **columns, **({} if by_hand else {"unit_price": price.unit_price}))
        is_changed = True
    return is_changed


def typed_price(item: Any, amount: Decimal | None, unit_price: Decimal | None, shown: Decimal | None) -> Decimal | None:
    """Return the book's price for a submitted amount, or None if the price was typed or isn't from a book.

    `shown` is the book's price last shown in the table. If unchanged it wasn't typed.
    """
    if not from_book(item) or unit_price is None or amount is None:
        return None
    known = shown if shown is not None else item.unit_price if follows_book(item) else None
    if known is None or unit_price != known:
        return None
    price = step_of(item, amount) if amount != item.amount else None
    if price is not None:
        return price.unit_price
    return Decimal(item.unit_price) if follows_book(item) else None
