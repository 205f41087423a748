"""Actions on quotes. Each locks the opportunity's row first, then its quotes, then their items."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from kanal.core import locks, registry, writes
from kanal.core.access import visible_to
from kanal.core.actor import Actor
from kanal.entities.pricebooks.pricing import books_for
from kanal.entities.quotes import invariants
from kanal.entities.quotes.models import Quote, QuoteItem
from kanal.entities.quotes.permissions import refuse_given
from kanal.entities.quotes.pricing_rows import custom_values, item_values
from kanal.kit.errors import Invalid

COPIED_QUOTE = (
    "name", "opportunity", "price_book", "brand", "product_version", "currency", "start", "due", "valid_until",
    "contract_start",
    "language", "terms",
    "payment_terms", "note",
)  # fmt: skip
COPIED_ITEM = (
    "position", "kind", "product", "bundle", "category", "name", "description", "amount", "unit", "unit_price",
    "list_price", "discount_percent", "discount_amount", "tax_percent", "recurrence", "term_months", "step", "rounds",
    "is_optional", "is_taken", "price_origin", "currency", "total", "value",
)  # fmt: skip


@transaction.atomic
def new_quote(opportunity: Any, values: Mapping[str, Any], *, by: Actor) -> Quote:
    """Create a quote for an opportunity, optionally with `items`. The first one becomes active (QUOTE-1, 7)."""
    rows = rows_in(values)
    invariants.hold(opportunity.pk)
    attributes = {key: value for key, value in values.items() if key != "items" and value not in (None, "")}
    attributes.setdefault("name", opportunity.name)
    by = by.within_action("new-quote")
    quote = writes.create(registry.get("quotes"), {**attributes, "opportunity": opportunity.pk}, by=by)
    if rows:
        append(quote, rows, by)
        invariants.recalculate(quote, by)
    return quote


def offered_books(opportunity: Any, user: Any) -> QuerySet:
    """Return the price books for an opportunity's quotes: those of its project visible to the user."""
    books = books_for(opportunity.project_id)
    if user is None:
        return books
    return visible_to(user, registry.get("price-books")).filter(pk__in=books.values("pk"))


@transaction.atomic
def add_items(quote: Any, values: Mapping[str, Any], *, by: Actor) -> Quote:
    """Add products, bundles and manual lines to a quote: `items` is a list of {product | bundle | name, amount, …}."""
    quote, by = opened(quote), by.within_action("add-items")
    append(quote, rows_in(values), by)
    invariants.recalculate(quote, by)
    return quote


def rows_in(values: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Return the rows in `items`. Raise Invalid if it isn't a list of objects."""
    rows = values.get("items") or []
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise Invalid.on("items", _("Send a list of objects."))
    for place, row in enumerate(rows):
        if not isinstance(row.get("id") or 0, int):
            raise Invalid.on(f"items.{place}.id", _("Enter a whole number."))
    return rows


def opened(quote: Any) -> Quote:
    """Lock the opportunity, then reload the quote and lock it. Raise Refused if the opportunity is sold."""
    invariants.hold(quote.opportunity_id)
    return locks.lock_one(Quote.objects.all(), quote.pk)


def append(quote: Quote, items: Sequence[Mapping[str, Any]], by: Actor) -> None:
    """Append rows. A rounding item stays the last one."""
    entity = registry.get("quote-items")
    there = list(quote.items.all())
    place = max((item.position for item in there if item.kind != QuoteItem.Kind.ROUNDING), default=0)
    errors: dict[str, Any] = {}
    for number, item in enumerate(items):
        try:
            refuse_given(item, by)
            values = item_values(quote, item, by.user) | custom_values(item)
            writes.create(entity, {**values, "quote": quote.pk, "position": place + number + 1}, by=by)
        except Invalid as problem:
            errors |= {f"items.{number}.{key}".rstrip("."): messages for key, messages in problem.errors.items()}
    if errors:
        raise Invalid(errors)
    for row in there:
        if row.kind == QuoteItem.Kind.ROUNDING:
            writes.update_system_fields(row, by=by, position=place + len(items) + 1)


@transaction.atomic
def add_rounding(quote: Any, values: Mapping[str, Any], *, by: Actor) -> Quote:
    """Add the item that rounds the total to a step, or change its step."""
    quote, by = opened(quote), by.within_action("save-items")  # permitted: as “add-rounding”
    present = quote.items.filter(kind=QuoteItem.Kind.ROUNDING).first()
    attributes = {key: values[key] for key in ("step", "rounds") if values.get(key) not in (None, "")}
    if present:
        writes.change(present, attributes, by=by)
    else:
        append(quote, [{"kind": "rounding", **attributes}], by)
    invariants.recalculate(quote, by)
    return quote


@transaction.atomic
def make_active(quote: Any, values: Mapping[str, Any], *, by: Actor) -> None:
    """Make a quote active instead of another. The opportunity's value follows it (QUOTE-7)."""
    quote = opened(quote)
    for other in locks.lock(quote.opportunity.quotes.filter(is_active=True).exclude(pk=quote.pk)):
        writes.update_system_fields(other, by=by, is_active=False)
    writes.update_system_fields(quote, by=by, is_active=True)


@transaction.atomic
def make_inactive(quote: Any, values: Mapping[str, Any], *, by: Actor) -> None:
    """Make the active quote inactive, so that it can be deleted. Without an active one nothing can be sold."""
    quote = opened(quote)
    writes.update_system_fields(quote, by=by, is_active=False)
    quote.opportunity.refresh_from_db()
    invariants.unfollow(quote.opportunity, by)


@transaction.atomic
def duplicate(quote: Any, values: Mapping[str, Any], *, by: Actor) -> Quote:
    """Create an inactive copy of a quote with its items."""
    return copied(opened(quote), by.within_action("duplicate"), name=_("%(name)s (copy)") % {"name": quote.name})


@transaction.atomic
def new_revision(quote: Any, values: Mapping[str, Any], *, by: Actor) -> Quote:
    """Create the next revision of a quote: an inactive copy with a reference to it."""
    quote, by = opened(quote), by.within_action("new-revision")
    first = quote.revision_of or quote
    last = max([first.revision_number, *first.revisions.values_list("revision_number", flat=True)])
    revision = copied(quote, by, name=quote.name)
    writes.update_system_fields(revision, by=by, revision_of=first, revision_number=last + 1)
    return revision


def copied(quote: Quote, by: Actor, name: str) -> Quote:
    """Copy a quote and its items, including custom values."""
    from kanal.core.fields import fields_of

    quotes, rows = registry.get("quotes"), registry.get("quote-items")
    fields = fields_of(quotes)
    values = {key: fields[key].get(quote) for key in COPIED_QUOTE}
    values = {key: value for key, value in values.items() if value not in (None, "")} | {"custom": dict(quote.custom)}
    carried = writes.carrying(quotes, values, by)
    copy = writes.create(quotes, {**values, "name": name[:200]}, by=by, context=carried)
    row = fields_of(rows)
    for item in quote.items.all():
        kept = {key: row[key].get(item) for key in COPIED_ITEM if key in row}
        kept |= writes.copied_values(rows, item, ())
        made = writes.create(rows, {**kept, "quote": copy.pk}, by=by, context=writes.carrying(rows, kept, by))
        writes.update_system_fields(
            made, by=by, price_origin=item.price_origin, list_price=item.list_price, copied_from=item
        )
    invariants.recalculate(copy, by)
    return copy


@transaction.atomic
def delete_quote(quote: Any, values: Mapping[str, Any], *, by: Actor) -> None:
    """Delete an inactive quote."""
    invariants.hold(quote.opportunity_id)
    writes.delete(quote, by=by)
