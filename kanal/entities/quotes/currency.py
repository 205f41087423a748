"""Changing a quote's currency (QUOTE-4, QUOTE-5)."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from kanal.core import currencies, registry, writes
from kanal.core.actor import Actor
from kanal.core.context import today
from kanal.core.fields import fields_of
from kanal.entities.pricebooks.pricing import Found, Wanted
from kanal.entities.quotes import invariants
from kanal.entities.quotes.actions import opened
from kanal.entities.quotes.models import Quote, QuoteItem
from kanal.entities.quotes.permissions import refuse_given
from kanal.entities.quotes.pricing_rows import in_currency, origin_of
from kanal.entities.quotes.repricing import found_in, from_book
from kanal.kit.errors import Invalid
from kanal.kit.money import Money, round_to_currency


def price_in(item: QuoteItem, quote: Quote, currency: str) -> Found | None:
    """Return the price of a book item in another currency."""
    book = item.price_origin.get("price_book") or quote.price_book_id
    return found_in(item, Wanted(book, currency, quote.brand_id, quote.product_version_id), item.amount)


def without_price(quote: Quote, currency: str) -> list[QuoteItem]:
    """List the book items without a price in another currency."""
    items = quote.items.select_related("product", "bundle")
    return [item for item in items if from_book(item) and price_in(item, quote, currency) is None]


@transaction.atomic
def change_currency(quote: Any, values: Mapping[str, Any], *, by: Actor) -> Quote:
    """Change a quote to `currency`. Items without a price in it are in `remove`, or in `prices` {item id: amount}.

    Percentages stay unchanged. Absolute discounts and manual lines are converted by today's rate, which is stored.
    """
    quote, by = opened(quote), by.within_action("currency")
    currency = str(values["currency"]).upper()
    if currency not in currencies.in_use():
        raise Invalid.on("currency", _("The currency %(currency)s is not enabled.") % {"currency": currency})
    if currency == quote.currency:
        return quote
    items = {item.pk: item for item in quote.items.select_related("product", "bundle")}
    removed, prices = removed_in(values, items), prices_in(values, items, currency)
    refuse_missing(quote, currency, removed | set(prices))
    if prices:
        refuse_given({"unit_price": prices}, by)
    rate = invariants.rate_between(quote.currency, currency)
    for pk in removed:
        writes.delete(items.pop(pk), by=by)
    changed = [(item, columns_in(item, quote, currency, rate, prices.get(pk))) for pk, item in items.items()]
    quote = writes.change(quote, {"currency": currency}, by=by)
    for item, columns in changed:
        item.quote = quote
        write_row(item, columns, by)
    invariants.recalculate(quote, by)
    invariants.after_quote(quote, set(), by)
    return quote


def removed_in(values: Mapping[str, Any], items: Mapping[int, QuoteItem]) -> set[int]:
    """Return the items to remove. Raise Invalid for values that aren't items of the quote."""
    given = values.get("remove") or []
    if not isinstance(given, list):
        raise Invalid.on("remove", _("Send a list of the ids of items."))
    return {item_in(raw, items, "remove") for raw in given}


def prices_in(values: Mapping[str, Any], items: Mapping[int, QuoteItem], currency: str) -> dict[int, Decimal]:
    """Return the entered prices by item. Raise Invalid for an unknown item or a price that isn't in the currency."""
    given = values.get("prices") or {}
    if not isinstance(given, dict):
        raise Invalid.on("prices", _("Send an object with a price for each id of an item."))
    field, prices, errors = fields_of(registry.get("quote-items"))["unit_price"], dict[int, Decimal](), {}
    for key, raw in given.items():
        if raw in ("", None):
            continue
        pk = item_in(key, items, "prices")
        try:
            price = field.clean(in_currency(raw, currency))
            if price.currency != currency or price.amount < 0:
                raise ValueError(_("Enter a price in %(currency)s of 0 or more.") % {"currency": currency})
            prices[pk] = price.amount
        except ValueError as problem:
            errors[f"prices.{pk}"] = [f"{items[pk].name}: {problem}"]
    if errors:
        raise Invalid(errors)
    return prices


def item_in(raw: Any, items: Mapping[int, QuoteItem], name: str) -> int:
    """Return the id of an item of the quote."""
    text = str(raw)
    if not (text.isascii() and text.isdigit() and len(text) < 19 and int(text) in items):
        raise Invalid.on(name, _("“%(id)s” is not an item of this quote.") % {"id": text[:40]})
    return int(text)


def write_row(item: QuoteItem, columns: Mapping[str, Any], by: Actor) -> None:
    """Store a row's values in the new currency. Raise Invalid with the row's name."""
    try:
        writes.update_system_fields(item, by=by, **columns)
    except Invalid as problem:
        messages = [f"{item.name}: {message}" for message in problem.messages()]
        raise Invalid({f"prices.{item.pk}": messages}) from None


def refuse_missing(quote: Quote, currency: str, settled: set[int]) -> None:
    """Raise Invalid with the items that have no price in the new currency and no decision."""
    missing = [item for item in without_price(quote, currency) if item.pk not in settled]
    if missing:
        names = ", ".join(item.name for item in missing)
        text = _("These items have no price in %(currency)s: %(names)s. Remove them or enter a price.")
        raise Invalid.on("currency", text % {"currency": currency, "names": names})


def columns_in(
    item: QuoteItem, quote: Quote, currency: str, rate: Decimal | None, entered: Decimal | None
) -> dict[str, Any]:
    """Return an item's columns in another currency."""
    columns: dict[str, Any] = {"currency": currency}
    price = price_in(item, quote, currency) if from_book(item) else None
    if entered is not None:
        columns |= {"unit_price": entered, "list_price": None}
        columns["price_origin"] = {**item.price_origin, "by_hand": True}
    elif price is not None and not item.price_origin.get("by_hand"):
        columns |= {"unit_price": price.unit_price, "list_price": price.unit_price}
        columns["price_origin"] = origin_of(price, by_hand=False)
    else:
        columns |= converted(item, currency, rate) if item.unit_price else {}
        columns["list_price"] = price.unit_price if price else None
    if item.discount_amount is not None:
        columns["discount_amount"] = round_to_currency(item.discount_amount * require_rate(rate, currency), currency)
    return columns


def converted(item: QuoteItem, currency: str, rate: Decimal | None) -> dict[str, Any]:
    """Convert a line's unit price, and store the rate with its date."""
    price = Money(Decimal(item.unit_price) * require_rate(rate, currency), currency).rounded()
    conversion = {"rate": f"{require_rate(rate, currency):.8f}", "rate_day": today().isoformat(), "from": item.currency}
    return {"unit_price": price.amount, "price_origin": {**item.price_origin, **conversion}}


def require_rate(rate: Decimal | None, currency: str) -> Decimal:
    """Return the rate. Raise Invalid if there is none."""
    if rate is None:
        raise Invalid.on("currency", _("There is no exchange rate for %(currency)s.") % {"currency": currency})
    return rate
