"""Initial values of a quote row: name, unit, tax, term and price, from the price book or as entered."""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal, InvalidOperation
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from kanal.core import registry
from kanal.core.access import visible_to
from kanal.core.writes.checks import unfold_custom
from kanal.entities.pricebooks.models import Bundle, Price, PriceBook, Product, ProductCategory, TaxRate, Unit
from kanal.entities.pricebooks.pricing import Found, Wanted, books_for, found_by, price_of
from kanal.entities.pricebooks.rules import fits
from kanal.entities.quotes.permissions import refuse_hidden_book
from kanal.kit.errors import Invalid
from kanal.kit.money import Money
from kanal.kit.reading.ids import id_of

TYPED = (
    "name", "description", "tax_percent", "recurrence", "term_months", "is_optional", "is_taken", "discount_percent",
    "discount_amount", "category", "unit", "step", "rounds", "unit_price",
)  # fmt: skip


def wanted_by(quote: Any) -> Wanted:
    """Return the criteria for a quote's prices: book, currency, brand and version."""
    return Wanted(quote.price_book_id, quote.currency, quote.brand_id, quote.product_version_id)


def item_values(quote: Any, given: Mapping[str, Any], user: Any = None) -> dict[str, Any]:
    """Return the values of a new row with a product or bundle visible to the user.

    Raise Invalid if it doesn't exist or has no price in the book.
    """
    typed = {key: given[key] for key in TYPED if given.get(key) not in (None, "")}
    for key in ("unit_price", "discount_amount"):
        if key in typed:
            typed[key] = in_currency(typed[key], quote.currency)
    if given.get("kind") in ("rounding", "section"):
        return {"kind": given["kind"], **typed}
    amount = amount_of(given.get("amount"))
    thing, price = thing_of(given, quote, user)
    if thing is None:
        return {"kind": "hand", "amount": amount, "tax_percent": default_tax(None), **typed}
    if price is None and isinstance(thing, Product):
        refuse_hidden_book(quote, user, "product")
    wanted = wanted_by(quote)
    item_price = priced(thing, price, wanted, amount)
    if item_price is None and "unit_price" not in typed:
        raise Invalid.on(
            "product" if isinstance(thing, Product) else "bundle",
            _("“%(name)s” has no price in %(currency)s in this price book.")
            % {"name": thing.name, "currency": quote.currency},
        )
    return {**product_values(thing), **costing(thing, item_price, quote.currency), "amount": amount, **typed}


def custom_values(given: Mapping[str, Any]) -> dict[str, Any]:
    """Return a row's custom values by field key. Raise Invalid if `custom` isn't an object."""
    return {key: value for key, value in unfold_custom(given).items() if key.startswith("custom.")}


def priced(thing: Any, price: Price | None, wanted: Wanted, amount: Decimal) -> Found | None:
    """Return the chosen price if it's valid for the quote, else the book's price for the amount."""
    if price is None:
        return price_of(thing, wanted, amount)
    wanted = replace(wanted, book=price.price_book_id)
    if not fits(price, **wanted.rule()):
        raise Invalid.on("price", _("This price doesn't apply to the quote."))
    if price.amount <= amount:
        return price_of(thing, wanted, amount, recurrence=price.recurrence, unit=price.unit_id) or found_by(
            price, wanted
        )
    return found_by(price, wanted)


def thing_of(given: Mapping[str, Any], quote: Any, user: Any) -> tuple[Product | Bundle | None, Price | None]:
    """Return the product or bundle by its id or that of one of its prices."""
    if given.get("price"):
        prices = seen(Price, user).filter(price_book__in=books_of(quote)).select_related("product", "bundle")
        price = prices.filter(pk=whole(given["price"], "price")).first()
        if price is None:
            raise Invalid.on("price", _("There is no such price."))
        return price.thing(), price
    for key, model in (("product", Product), ("bundle", Bundle)):
        if given.get(key):
            pk = getattr(given[key], "pk", given[key])
            thing = seen(model, user).filter(pk=whole(pk, key), is_active=True).first()
            if thing is None:
                raise Invalid.on(key, _("The record doesn't exist, or you can't see it."))
            return thing, None
    return None, None


def books_of(quote: Any) -> QuerySet[PriceBook]:
    """Return the price books for a quote: its own, and those of its project."""
    return PriceBook.objects.filter(Q(pk=quote.price_book_id) | Q(pk__in=books_for(quote.opportunity.project_id)))


def seen(model: Any, user: Any) -> QuerySet:
    """Return the rows visible to a user, or all for a system action."""
    entity = registry.of(model)
    return model.objects.all() if user is None or entity is None else visible_to(user, entity)


def whole(raw: Any, key: str) -> int:
    """Parse an id."""
    pk = id_of(raw)
    if pk is None:
        raise Invalid.on(key, _("Choose a record."))
    return pk


def amount_of(raw: Any) -> Decimal:
    """Parse an amount, by default 1."""
    if raw in (None, ""):
        return Decimal(1)
    try:
        amount = Decimal(str(raw).replace(" ", "").replace(",", "."))
        if not amount.is_finite() or amount >= Decimal(10) ** 10:
            raise InvalidOperation
    except InvalidOperation:
        raise Invalid.on("amount", _("Enter a number.")) from None
    if amount <= 0:
        raise Invalid.on("amount", _("Enter a number greater than 0."))
    return amount


def in_currency(raw: Any, currency: str) -> Any:
    """Return a plain amount as one in the quote's currency."""
    return raw if isinstance(raw, Money | dict) else {"amount": None if raw == "" else raw, "currency": currency}


def product_values(thing: Product | Bundle) -> dict[str, Any]:
    """Return the values that a row copies from the product or bundle."""
    kind = "bundle" if isinstance(thing, Bundle) else "product"
    values: dict[str, Any] = {
        "kind": kind,
        kind: thing.pk,
        "name": thing.name,
        "description": thing.description,
        "tax_percent": default_tax(thing.tax_rate_id),
    }
    if isinstance(thing, Product):
        values["category"] = ProductCategory.key_of(thing.category_id)
    return values


def costing(thing: Product | Bundle, item_price: Found | None, currency: str) -> dict[str, Any]:
    """Return price, unit, recurrence and term of a row."""
    unit = Unit.key_of(item_price.unit_id if item_price and item_price.unit_id else thing.default_unit_id)
    values: dict[str, Any] = {"unit": unit} if unit else {}
    if item_price is None:
        return values
    price = Money(item_price.unit_price, currency)
    values |= {"unit_price": price, "list_price": price, "recurrence": item_price.recurrence}
    values["price_origin"] = origin_of(item_price, by_hand=False)
    if item_price.recurrence != "one_off" and isinstance(thing, Product):
        values["term_months"] = thing.category.default_length_months
    return values


def origin_of(item_price: Found, *, by_hand: bool) -> dict[str, Any]:
    """Return the stored source of a price."""
    return {**item_price.origin, "unit_price": f"{item_price.unit_price:f}", "by_hand": by_hand}


def default_tax(pk: int | None) -> Decimal:
    """Return the percentage of a tax rate, by default that of the default one."""
    rate = next((row for row in TaxRate.rows() if row.pk == pk), None) or TaxRate.default()
    return Decimal(rate.percent) if rate else Decimal(0)
