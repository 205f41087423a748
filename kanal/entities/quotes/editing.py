"""The items table: save all rows of a quote at once, and preview submitted rows before saving."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from kanal.core import locks, registry, writes
from kanal.core.actor import Actor
from kanal.core.fields.numbers import NumberType
from kanal.entities.quotes import invariants
from kanal.entities.quotes.actions import opened, rows_in
from kanal.entities.quotes.models import Quote, QuoteItem
from kanal.entities.quotes.permissions import closed_to, refuse_changed
from kanal.entities.quotes.pricing_rows import custom_values, default_tax, item_values
from kanal.entities.quotes.repricing import follows_book, typed_price
from kanal.entities.quotes.rules import Figures, Line, Totals, compute, figures, with_total
from kanal.kit.errors import Invalid
from kanal.kit.money import Money

PLAIN = (
    "name", "description", "unit", "recurrence", "term_months", "is_optional", "is_taken", "step", "rounds", "category",
)  # fmt: skip
MONEY = ("unit_price", "discount_amount")


def read_number(row: Mapping[str, Any], key: str) -> Decimal | None:
    """Return a number of a row, or None if empty."""
    raw = row.get(key)
    if raw in (None, ""):
        return None
    try:
        return NumberType().number(raw)
    except ValueError as wrong:
        raise Invalid.on(key, str(wrong)) from None


def typed_line(row: Mapping[str, Any], item: QuoteItem | None, currency: str) -> Line:
    """Return a submitted row as a line for the rules. An edited total becomes a discount or surcharge (QUOTE-3)."""
    base = invariants.line_of(item) if item else new_line(row)
    line = replace(base, **changes_of(row, item, base))
    return line if line.kind in ("rounding", "section") else edited_total(line, row, item, currency)


def new_line(row: Mapping[str, Any]) -> Line:
    """Return the line for a new row. A manual line has the default tax."""
    kind = str(row.get("kind") or "hand")
    return Line(kind=kind, tax_percent=default_tax(None) if kind == "hand" else Decimal(0))


def changes_of(row: Mapping[str, Any], item: QuoteItem | None, base: Line) -> dict[str, Any]:
    """Return the changes to a line in a submitted row."""
    changes: dict[str, Any] = {}
    for key in ("amount", "unit_price", "tax_percent", "step"):
        if key in row and (value := read_number(row, key)) is not None:
            changes[key] = value
    if item is not None and (price := book_price(row, item)) is not None:
        changes["unit_price"] = price
    if "discount" in row:
        changes |= discount_of(row)
    changes |= {key: str(row[key]) for key in ("rounds", "recurrence") if row.get(key)}
    if "term_months" in row:
        term = read_number(row, "term_months")
        changes["term_months"] = int(term) if term is not None else None
    if "is_optional" in row:
        changes["counts"] = base.kind != "section" and (not row["is_optional"] or bool(row.get("is_taken")))
    return changes


def book_price(row: Mapping[str, Any], item: QuoteItem) -> Decimal | None:
    """Return the book's price for the submitted amount, unless the row's price was set manually (QUOTE-3a)."""
    amount = read_number(row, "amount") if "amount" in row else Decimal(item.amount)
    price = read_number(row, "unit_price") if "unit_price" in row else Decimal(item.unit_price)
    return typed_price(item, amount, price, read_number(row, "book_price"))


def discount_of(row: Mapping[str, Any]) -> dict[str, Decimal | None]:
    """Return a row's discount: a number, and whether it's a percentage."""
    value = read_number(row, "discount") or None
    is_percent = row.get("discount_kind", "percent") == "percent"
    return {"discount_percent": value if is_percent else None, "discount_amount": None if is_percent else value}


def edited_total(line: Line, row: Mapping[str, Any], item: QuoteItem | None, currency: str) -> Line:
    """Apply a submitted total as edited if it differs from both the computed and the stored one."""
    total = read_number(row, "total") if "total" in row else None
    if total is None or total == figures(line, currency).total or (item is not None and total == item.total):
        return line
    return with_total(line, total, currency)


def preview_rows(quote: Quote, rows: Sequence[Mapping[str, Any]]) -> tuple[list[Figures], Totals, list[Line]]:
    """Compute submitted rows on the server without storing anything."""
    items = {item.pk: item for item in quote.items.all()}
    lines = [typed_line(row, items.get(row.get("id") or 0), quote.currency) for row in rows]
    all_figures, totals = compute(lines, quote.currency)
    return all_figures, totals, lines


@transaction.atomic
def save_items(quote: Any, values: Mapping[str, Any], *, by: Actor) -> Quote:
    """Store all rows of a quote in the given order. Omitted rows are deleted."""
    quote, by = opened(quote), by.within_action("save-items")
    rows = rows_in(values)
    items = {item.pk: item for item in locks.lock(quote.items.all())}
    kept = {row["id"] for row in rows if row.get("id")}
    if kept - set(items):
        raise Invalid(_("Somebody else removed an item in the meantime. Reload the quote."))
    for pk in set(items) - kept:
        writes.delete(items[pk], by=by)
    errors: dict[str, Any] = {}
    for place, row in enumerate(rows):
        try:
            store_row(quote, row, items.get(row.get("id") or 0), place + 1, by)
        except Invalid as problem:
            errors |= {f"items.{place}.{name_in(row, key)}".rstrip("."): texts for key, texts in problem.errors.items()}
    if errors:
        raise Invalid(errors)
    invariants.recalculate(quote, by)
    return quote


def name_in(row: Mapping[str, Any], key: str) -> str:
    """Return the key of a field in a row: a discount is one number with its kind."""
    return "discount" if key in ("discount_percent", "discount_amount") and "discount" in row else key


def store_row(quote: Quote, row: Mapping[str, Any], item: QuoteItem | None, place: int, by: Actor) -> None:
    """Store a new or changed row."""
    entity = registry.get("quote-items")
    if item is None:
        left = {"id", "discount", "discount_kind", "total", "book_price", *closed_to(by.user)}
        made = {key: value for key, value in row.items() if key not in left}
        start = item_values(quote, made, by.user) | custom_values(made)
        item = writes.create(entity, {**start, "quote": quote.pk, "position": place}, by=by)
    elif is_kept_by_hand(row, item):
        writes.update_system_fields(item, by=by, price_origin={**item.price_origin, "by_hand": True})
    values = row_values(row, item, quote.currency, place)
    refuse_changed(item, {key: value for key, value in values.items() if key != "position"}, by)
    writes.change(item, values, by=by)


def is_kept_by_hand(row: Mapping[str, Any], item: QuoteItem) -> bool:
    """Return whether the stored price was typed over a different book price shown in the table."""
    shown, price = read_number(row, "book_price"), read_number(row, "unit_price")
    return follows_book(item) and shown is not None and shown != price and price == item.unit_price


def row_values(row: Mapping[str, Any], item: QuoteItem, currency: str, place: int) -> dict[str, Any]:
    """Return the values of a row by field key, with the discount as in the rules."""
    line = typed_line(row, item, currency)
    values: dict[str, Any] = {key: row[key] for key in PLAIN if key in row and allows_empty(key, row[key])}
    values |= {**custom_values(row), "position": place}
    for key in ("amount", "tax_percent"):
        if key in row and read_number(row, key) is not None:
            values[key] = getattr(line, key)
    for key in MONEY:
        amount = getattr(line, key)
        values[key] = None if amount is None else Money(amount, currency)
    values["discount_percent"] = line.discount_percent
    return values


def allows_empty(key: str, value: Any) -> bool:
    """Return whether an empty value is meaningful for a field: a row without a recurrence keeps its own."""
    return key not in ("recurrence", "step", "rounds") or value not in (None, "")
