"""Actions on products, bundles and price books."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from kanal.core import locks, registry, writes
from kanal.core.access import visible_to
from kanal.core.actor import Actor
from kanal.entities.pricebooks.models import Bundle, Price, PriceBook
from kanal.kit.errors import Invalid, Refused

PRODUCT = ("description", "category", "default_unit", "tax_rate", "cost", "minimum_margin")
BUNDLE = ("description", "price_book", "own_price", "default_unit", "tax_rate")
PRICE = ("price_book", "amount", "unit", "price", "brand", "product_version", "valid_from", "valid_to", "recurrence")
ITEM = ("product", "amount", "weight", "position")


def create_copy(record: Any, key: str, names: tuple[str, ...], values: Mapping[str, Any], *, by: Actor) -> Any:
    """Copy a record with some of its values, regardless of the user, and others from `values`."""
    entity = registry.get(key)
    taken = writes.copied_values(entity, record, names)
    return writes.create(entity, {**taken, **values}, by=by, context=writes.carrying(entity, taken, by))


def copy_prices(source: Any, target: dict[str, Any], by: Actor) -> None:
    """Copy the prices of a product or bundle to another one, or to another book."""
    for price in source.prices.all():
        create_copy(price, "prices", PRICE, target, by=by)


@transaction.atomic
def copy_product(product: Any, values: Mapping[str, Any], *, by: Actor) -> Any:
    """Copy a product with its prices."""
    by = by.within_action("copy")
    overrides = {"name": values["name"], "code": values["code"]}
    made = create_copy(product, "products", PRODUCT, overrides, by=by)
    copy_prices(product, {"product": made.pk}, by)
    return made


@transaction.atomic
def copy_bundle(bundle: Any, values: Mapping[str, Any], *, by: Actor) -> Any:
    """Copy a bundle with its products and prices."""
    by = by.within_action("copy")
    overrides = {"name": values["name"], "code": values.get("code") or ""}
    made = create_copy(bundle, "bundles", BUNDLE, overrides, by=by)
    for item in bundle.items.all():
        create_copy(item, "bundle-items", ITEM, {"bundle": made.pk}, by=by)
    copy_prices(bundle, {"bundle": made.pk}, by)
    return made


@transaction.atomic
def move_bundle(bundle: Bundle, values: Mapping[str, Any], *, by: Actor) -> None:
    """Move a bundle to another price book. Raise Refused with the products that the book lacks (PB-7)."""
    by, book = by.within_action("move"), PriceBook.objects.get(pk=values["price_book"])
    if book.pk == bundle.price_book_id:
        return
    there = set(Price.objects.filter(price_book=book, product__isnull=False).values_list("product_id", flat=True))
    missing = [item.product.name for item in bundle.items.select_related("product") if item.product_id not in there]
    if missing:
        message = _("“%(price_book)s” has no prices for these products: %(names)s.")
        raise Refused(message % {"price_book": book.name, "names": ", ".join(missing)})
    prices = list(bundle.prices.all())
    for price in prices:
        writes.update_system_fields(price, by=by, price_book=book)
    writes.update_system_fields(bundle, by=by, price_book=book)


def prices_for(thing: Any, user: Any) -> QuerySet:
    """Return the prices of a product or bundle that a user may change, or all without a user."""
    prices = thing.prices.all()
    return prices if user is None else prices.filter(pk__in=visible_to(user, registry.get("prices"), "edit"))


@transaction.atomic
def save_prices(thing: Any, rows: Sequence[Mapping[str, Any]], *, by: Actor) -> None:
    """Store all prices of a product or bundle at once. Omitted ones are deleted (PB-5).

    Only prices that the user may change are affected. Those in hidden books stay unchanged.
    """
    by, entity = by.within_action("edit"), registry.get("prices")  # permitted: by the page, on the product or bundle
    key = "bundle" if isinstance(thing, Bundle) else "product"
    locks.lock_family(entity, list(prices_for(thing, by.user).values_list("pk", flat=True)))
    there = {price.pk: price for price in locks.lock(prices_for(thing, by.user))}
    kept = {row["id"] for row in rows if row.get("id")}
    for pk in set(there) - kept:
        writes.delete(there[pk], by=by)
    errors: dict[str, Any] = {}
    for place, row in enumerate(rows):
        values = {name: value for name, value in row.items() if name != "id"}
        try:
            present = there.get(row.get("id") or 0)
            if present:
                writes.change(present, values, by=by)
            else:
                writes.create(entity, {**values, key: thing.pk}, by=by)
        except Invalid as problem:
            errors |= {f"{place}.{name}": messages for name, messages in problem.errors.items()}
    if errors:
        raise Invalid(errors)


def places_of(there: Mapping[int, Any], wanted: Sequence[int]) -> dict[int, int]:
    """Return the position of each product. Products in unchanged order keep theirs, appended ones follow."""
    kept = [product for product in there if product in wanted]
    if list(wanted[: len(kept)]) != kept:
        return {product: place for place, product in enumerate(wanted)}
    places = {product: there[product].position for product in kept}
    following = max(places.values(), default=-1) + 1
    return places | {product: following + place for place, product in enumerate(wanted[len(kept) :])}


@transaction.atomic
def save_items(bundle: Bundle, rows: Sequence[Mapping[str, Any]], *, by: Actor) -> None:
    """Store a bundle's products with amounts and weights. Omitted ones are deleted."""
    by, entity = by.within_action("edit"), registry.get("bundle-items")  # permitted: by the page, on the bundle
    there = {item.product_id: item for item in bundle.items.all()}
    wanted = {int(row["product"]): row for row in rows}
    for product in set(there) - set(wanted):
        writes.delete(there[product], by=by)
    places = places_of(there, list(wanted))
    for product, row in wanted.items():
        values = {"amount": row["amount"], "weight": row["weight"], "position": places[product]}
        if product in there:
            writes.change(there[product], values, by=by)
        else:
            writes.create(entity, {**values, "bundle": bundle.pk, "product": product}, by=by)
