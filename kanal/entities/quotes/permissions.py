"""What a user may write in the rows of a quote, and read of what is offered for them (ACC-6, FORM-2, PB-2b)."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from kanal.core import registry
from kanal.core.access import FieldContext, clean_context, reads_all, visible_to
from kanal.core.actor import Actor
from kanal.core.fields import Field, fields_of
from kanal.core.writes.checks import refusal
from kanal.kit.errors import Invalid

# Of which fields of an item what is given for a row tells, where it is not the field of the same name.
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
    """Return the fields of items that a user may not write: hidden from them, or read-only for their roles."""
    return frozenset() if user is None else FieldContext(user, registry.get("quote-items")).closed


def refuse_given(row: Mapping[str, Any], by: Actor) -> None:
    """Raise Invalid for what is given for a new row in fields that its author may not write."""
    if not (closed := closed_to(by.user)):
        return
    given = (key for key, value in row.items() if value not in (None, "", False))
    wrong = [key for key in given if closed & set(GIVEN.get(key, (key,)))]
    if wrong:
        raise Invalid({key: [refused(key, by)] for key in wrong})


def refuse_changed(item: Any, values: Mapping[str, Any], by: Actor) -> None:
    """Raise Invalid where values would change fields of an item that their author may not write."""
    if not (closed := closed_to(by.user) & values.keys()):
        return
    fields = fields_of(registry.get("quote-items"))
    wrong = [key for key in closed if not keeps(fields[key], item, values[key], by)]
    if wrong:
        raise Invalid({key: [refused(key, by)] for key in sorted(wrong)})


def keeps(field: Field, item: Any, raw: Any, by: Actor) -> bool:
    """Return whether a value is the one that an item has."""
    try:
        return bool(field.type.holds(field, item, field.clean(raw, clean_context(by.user))))
    except ValueError:
        return False


def refused(key: str, by: Actor) -> str:
    """Return why something can't be given for a row: there is no such field, or it is read-only."""
    names = GIVEN.get(key) or (key,)
    return refusal(FieldContext(by.user, registry.get("quote-items")), names[0])


def refuse_hidden_book(quote: Any, user: Any, key: str) -> None:
    """Raise Invalid where the book that a quote's prices come from is not open to a user (PB-2b)."""
    if user is None or quote.price_book_id is None:
        return
    if not visible_to(user, registry.get("price-books")).filter(pk=quote.price_book_id).exists():
        raise Invalid.on(key, _("You don't have access to the quote’s price book. Choose a price from another one."))


def hidden_parts(user: Any) -> frozenset[str]:
    """Return which parts of what is offered a user does not read: price, total, unit, recurrence, code."""
    return frozenset(part for part, tells in OFFERED.items() if not reads_all(user, tells))
