"""The items table of a quote: rows of localized texts, and parsing of submitted rows."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from kanal.core import registry, settings
from kanal.core.access import FieldContext, permitted_actions
from kanal.core.fields import fields_of
from kanal.entities.pricebooks.models import Recurrence, Unit
from kanal.entities.quotes.invariants import computed
from kanal.entities.quotes.models import Quote, QuoteItem
from kanal.entities.quotes.repricing import follows_book
from kanal.entities.quotes.rules import Totals
from kanal.kit.currencies import digits
from kanal.kit.errors import Invalid
from kanal.kit.numbers import format_money, format_number, parse_decimal
from kanal.kit.reading.ids import id_of
from kanal.web.fieldtypes.numbers import plain_number
from kanal.web.fieldtypes.presenter import language

NUMBERS = ("amount", "unit_price", "discount", "tax_percent", "total", "step", "term_months", "book_price")
TEXTS = ("kind", "name", "description", "unit", "recurrence", "discount_kind", "rounds")
CHECKS = ("is_optional", "is_taken")
DISCOUNT = ("discount_percent", "discount_amount")
# The item fields disclosed by a row's values, unless it's the field of the same name.
TELLS_OF = {
    "unit_price_text": ("unit_price",), "total_text": ("total",), "discount": DISCOUNT, "discount_kind": DISCOUNT,
    "is_surcharge": DISCOUNT, "by_hand": ("price_origin",),
    "book_price": ("unit_price",),
}  # fmt: skip


@dataclass
class Row:
    """A row of the table: its control values and errors."""

    key: str
    values: dict[str, Any]
    errors: list[str] = field(default_factory=list)


@dataclass
class Table:
    """The items table of a quote."""

    quote: Quote
    rows: list[Row]
    totals: list[tuple[str, str, str]]
    back: str
    is_open: bool
    by_book: bool
    show_descriptions: bool
    problems: list[str] = field(default_factory=list)
    is_changed: bool = False

    @property
    def units(self) -> list[tuple[str, str]]:
        """List the available units."""
        return [(option.key, str(option.label)) for option in Unit.options() if option.active]

    @property
    def recurrences(self) -> list[tuple[str, str]]:
        """List the available recurrences."""
        return [(key, str(label)) for key, label in Recurrence.choices]

    @property
    def has_rounding(self) -> bool:
        """Return whether there's already a rounding item."""
        return any(row.values.get("kind") == "rounding" for row in self.rows)


def quote_table(quote: Quote, user: Any, back: str) -> Table:
    """Return the stored table."""
    items, all_figures, totals = computed(quote)
    hidden = hidden_in_rows(user)
    rows = [
        Row(str(item.pk), strip_hidden(hidden, row_values(item, line_figures.total)))
        for item, line_figures in zip(items, all_figures, strict=True)
    ]
    typed = {*NUMBERS, *TEXTS, *CHECKS, *DISCOUNT}
    allowed = set() if hidden & typed else permitted_actions(user, registry.get("quotes"), quote, {"edit"})
    return Table(
        quote, rows, totals_of(totals, quote, user), back, "edit" in allowed and not quote.opportunity.is_locked,
        bool(quote.price_book_id) and settings.value("crm.use_items"), settings.value("crm.show_item_descriptions"),
    )  # fmt: skip


def hidden_in_rows(user: Any) -> set[str]:
    """Return the item fields hidden from a user. A table that lacks one is read-only (ACC-6)."""
    entity = registry.get("quote-items")
    return fields_of(entity).keys() - FieldContext(user, entity).readable.keys()


def strip_hidden(hidden: set[str], values: dict[str, Any]) -> dict[str, Any]:
    """Return a row's values without those that disclose a hidden field."""
    return {key: value for key, value in values.items() if not hidden & set(TELLS_OF.get(key, (key,)))}


def row_values(item: QuoteItem, total: Decimal) -> dict[str, Any]:
    """Return the control values of a stored row."""
    is_percent = item.discount_amount is None
    discount = item.discount_percent if is_percent else item.discount_amount
    return {
        "id": item.pk,
        "kind": item.kind,
        "name": item.name,
        "description": item.description,
        "amount": number_text(item.amount),
        "unit": item.unit.key if item.unit else "",
        "unit_price": amount_text(item.unit_price, item.currency),
        "discount": number_text(discount) if is_percent else amount_text(discount, item.currency),
        "discount_kind": "percent" if is_percent else "amount",
        "is_surcharge": bool(discount and discount < 0),
        "tax_percent": number_text(item.tax_percent),
        "recurrence": item.recurrence,
        "term_months": "" if item.term_months is None else str(item.term_months),
        "step": number_text(item.step),
        "rounds": item.rounds,
        "book_price": amount_text(item.unit_price, item.currency) if follows_book(item) else "",
        "is_optional": item.is_optional,
        "is_taken": item.is_taken,
        "total": amount_text(total, item.currency),
        "total_text": format_money(total, item.currency, language()),
        "unit_price_text": format_money(Decimal(item.unit_price), item.currency, language()),
        "by_hand": bool(item.price_origin.get("by_hand")),
        "list_price": amount_text(item.list_price, item.currency),
    }


def number_text(value: Decimal | None) -> str:
    """Format a number for its control."""
    return "" if value is None else plain_number(Decimal(value))


def amount_text(value: Decimal | None, currency: str) -> str:
    """Format an amount for its control: grouped, with the currency's digits, or more if it has more."""
    if value is None:
        return ""
    exponent = Decimal(value).normalize().as_tuple().exponent
    return format_number(value, language(), max(digits(currency), -int(exponent)))


def totals_of(totals: Totals, quote: Quote, user: Any) -> list[tuple[str, str, str]]:
    """Return the totals visible to a user: key, label, amount."""
    readable, currency = FieldContext(user, registry.get("quotes")).readable, quote.currency
    labels = {"one_off": _("One-off"), "monthly": _("Monthly"), "quarterly": _("Quarterly"), "yearly": _("Yearly")}
    sums = [(key, labels[key], totals.per_recurrence.get(key, Decimal(0))) for key in labels]
    sums = [row for row in sums if row[2] or row[0] == "one_off"]
    sums += [("value", _("Contract value"), totals.value), ("tax", _("Tax"), totals.tax)]
    sums.append(("grand_total", _("Grand total"), totals.grand_total))
    shown = [row for row in sums if row[0] in readable]
    return [(key, label, format_money(Decimal(amount), currency, language())) for key, label, amount in shown]


def typed_rows(posted: QueryDict) -> tuple[list[dict[str, Any]], dict[int, list[str]]]:
    """Return the rows of a submitted table, and errors by row position."""
    rows, errors = [], {}
    for place, key in enumerate(posted.getlist("row")[:500]):
        row, wrong = typed_row(posted, key)
        rows.append(row)
        if wrong:
            errors[place] = wrong
    return rows, errors


def typed_row(posted: QueryDict, key: str) -> tuple[dict[str, Any], list[str]]:
    """Return a submitted row: `name-12` is the name of row 12. A key that isn't a number is a new row's."""
    row: dict[str, Any] = {"id": pk} if (pk := id_of(key)) else {}
    wrong = []
    for name in TEXTS:
        if f"{name}-{key}" in posted:
            row[name] = str(posted[f"{name}-{key}"]).strip()
    for name in NUMBERS:
        if f"{name}-{key}" in posted:
            try:
                text = str(posted[f"{name}-{key}"]).strip()
                row[name] = parse_decimal(text, language()) if text else None
            except Invalid as problem:
                wrong.append(f"{posted[f'{name}-{key}']}: {problem}")
    if f"amount-{key}" in posted:
        row |= {name: f"{name}-{key}" in posted for name in CHECKS}
    return row, wrong


def as_typed(posted: QueryDict, keys: Iterable[str]) -> list[Row]:
    """Return rows as submitted, to show the table again."""
    rows = []
    for key in keys:
        values: dict[str, Any] = {name: posted.get(f"{name}-{key}", "") for name in (*TEXTS, *NUMBERS)}
        values |= {name: f"{name}-{key}" in posted for name in CHECKS}
        rows.append(Row(key, {**values, "id": id_of(key)}))
    return rows


def as_post(rows: Iterable[Row]) -> QueryDict:
    """Return submitted rows as form data."""
    posted = QueryDict(mutable=True)
    for row in rows:
        posted.appendlist("row", row.key)
        for name in (*TEXTS, *NUMBERS):
            if row.values.get(name):
                posted[f"{name}-{row.key}"] = row.values[name]
        for name in CHECKS:
            if row.values.get(name):
                posted[f"{name}-{row.key}"] = "1"
    return posted
