"""Permissions of a user to write fields of quote rows, and to read the available products (ACC-6, FORM-2, PB-2b)."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from kanal.core import registry
from kanal.core.access import FieldContext, clean_context, reads_all, visible_to
from kanal.core.actor import Actor
from kanal.core.fields import Field, fields_of
from kanal.core.writes.checks import refusal
from kanal.kit.errors import Invalid

# The item fields disclosed by a row's inputs, unless it's the field of the same name.
GIVEN = {
    "discount": ("discount_percent", "discount_amount"), "total": ("total", "discount_percent", "discount_amount"),
    "price": (), "book_price": (), "discount_kind": (), "id": (),
}  # fmt: skip
OFFERED = {
    "price": ("prices.price", "quote-items.unit_price"),
    "total": ("prices.price", "quote-items.unit_price", "quote-items.total"),
    "unit": ("prices.unit", "quote-items.unit"),
    "recurrence": ("prices.recurrence", "quote-items.recurrence"),
    "code": ("products.code", "bundles.code"),
}


def closed_to(user: Any) -> frozenset[str]:
    """Return the item fields that a user may not write: hidden from them, or read-only for their roles."""
    return frozenset() if user is None else FieldContext(user, registry.get("quote-items")).closed


def refuse_given(row: Mapping[str, Any], by: Actor) -> None:
    """Raise Invalid for values in a new row of fields that its author may not write."""
    if not (closed := closed_to(by.user)):
        return
    given = (key for key, value in row.items() if value not in (None, "", False))
    wrong = [key for key in given if closed & set(GIVEN.get(key, (key,)))]
    if wrong:
        raise Invalid({key: [refused(key, by)] for key in wrong})


def refuse_changed(item: Any, values: Mapping[str, Any], by: Actor) -> None:
    """Raise Invalid if values would change item fields that the author may not write."""
    if not (closed := closed_to(by.user) & values.keys()):
        return
    fields = fields_of(registry.get("quote-items"))
    wrong = [key for key in closed if not keeps(fields[key], item, values[key], by)]
    if wrong:
        raise Invalid({key: [refused(key, by)] for key in sorted(wrong)})


def keeps(field: Field, item: Any, raw: Any, by: Actor) -> bool:
    """Return whether a value equals the item's current one."""
    try:
        return bool(field.type.holds(field, item, field.clean(raw, clean_context(by.user))))
    except ValueError:
        return False


def refused(key: str, by: Actor) -> str:
    """Return why a value is rejected: there's no such field, or it's read-only."""
    names = GIVEN.get(key) or (key,)
    return refusal(FieldContext(by.user, registry.get("quote-items")), names[0])


def refuse_hidden_book(quote: Any, user: Any, key: str) -> None:
    """Raise Invalid if a user has no access to the book of a quote's prices (PB-2b)."""
    if user is None or quote.price_book_id is None:
        return
    if not visible_to(user, registry.get("price-books")).filter(pk=quote.price_book_id).exists():
        raise Invalid.on(key, _("You don't have access to the quote’s price book. Choose a price from another one."))


def hidden_parts(user: Any) -> frozenset[str]:
    """Return the parts of available products that a user can't read: price, total, unit, recurrence, code."""
    return frozenset(part for part, tells in OFFERED.items() if not reads_all(user, tells))
