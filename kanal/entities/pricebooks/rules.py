"""Rules of prices and bundles: the valid price, the price of a bundle, names. No database."""

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from kanal.entities.pricebooks.required import gone_from
from kanal.kit.numbers import format_money
from kanal.kit.text import slugify_key


def key_from_name(record: Any, changed: set[str]) -> None:
    """Set a choice's stable key from its name."""
    if not record.key:
        record.key = slugify_key(record.name, "choice").replace("_", "-")


def name_price(price: Any, changed: set[str]) -> None:
    """Name a price by its product or bundle."""
    thing = price.thing()
    price.currency = price.currency.upper()
    price.label = f"{thing.name if thing else ''} · {format_money(price.price, price.currency, 'en')}"[:260]


def name_bundle_item(item: Any, changed: set[str]) -> None:
    """Name an item by its product."""
    item.label = item.product.name[:260]


def check_price(price: Any, errors: dict[str, list]) -> None:
    """Add errors for a price of nothing or of two things, an amount that isn't positive, or an end before the start."""
    if (price.product_id is None) == (price.bundle_id is None):
        errors["product"] = [_("A price belongs to a product or to a bundle.")]
    if price.amount <= 0:
        errors["amount"] = [_("Enter a number greater than 0.")]
    if price.valid_from and price.valid_to and price.valid_to < price.valid_from:
        errors["valid_to"] = [_("The price can't end before it begins.")]
    if price.bundle_id and price.bundle.price_book_id != price.price_book_id:
        errors["bundle"] = [_("The bundle belongs to another price book.")]


def check_book(book: Any, errors: dict[str, list]) -> None:
    """Require the book that an update replaces."""
    if book.is_update and book.update_of_id is None:
        errors["update_of"] = [_("Name the price book that this one renews.")]
    if book.update_of_id is not None and book.update_of_id == book.pk:
        errors["update_of"] = [_("A price book can't renew itself.")]
    before = type(book).objects.filter(pk=book.pk).values_list("required_quote_fields", flat=True).first() or []
    if added := [key for key in gone_from(book) if key not in before]:
        message = _("Quotes have no custom field “%(field)s”.") % {"field": added[0]}
        errors["required_quote_fields"] = [message]


def check_product(product: Any, errors: dict[str, list]) -> None:
    """Add an error for a product that is its own successor."""
    if product.pk and product.successor_id == product.pk:
        errors["successor"] = [_("A product can't succeed itself.")]


def check_bundle_item(item: Any, errors: dict[str, list]) -> None:
    """Add an error for an amount that isn't positive."""
    if item.amount <= 0:
        errors["amount"] = [_("Enter a number greater than 0.")]


def holds_on(price: Any, day: dt.date) -> bool:
    """Return whether a price is valid on a day."""
    return (price.valid_from is None or price.valid_from <= day) and (price.valid_to is None or day <= price.valid_to)


def fits(price: Any, *, currency: str, brand: int | None, version: int | None, day: dt.date) -> bool:
    """Return whether a price applies to a currency, brand, version and day. A price without a brand applies to all."""
    return (
        price.currency == currency
        and price.brand_id in (None, brand)
        and price.product_version_id in (None, version)
        and holds_on(price, day)
    )


def best_price(
    prices: Iterable[Any],
    *,
    currency: str,
    brand: int | None,
    version: int | None,
    day: dt.date,
    amount: Decimal = Decimal(1),
) -> Any:
    """Return the price for an amount: the highest step reached (else the lowest), the most specific first."""
    fitting = [price for price in prices if fits(price, currency=currency, brand=brand, version=version, day=day)]
    reached = [price for price in fitting if price.amount <= amount]
    step = max((price.amount for price in reached), default=min((price.amount for price in fitting), default=None))
    candidates = [price for price in fitting if price.amount == step]
    return max(
        candidates,
        key=lambda candidate: (
            candidate.brand_id is not None,
            candidate.product_version_id is not None,
            candidate.valid_from or dt.date.min,
            candidate.pk,
        ),
        default=None,
    )


def per_unit(price: Any) -> Decimal:
    """Return the price per unit with 4 decimals."""
    return round(Decimal(price.price) / Decimal(price.amount), 4)
