"""Invariants of quotes regardless of the writer: locks, numbers, totals, the opportunity's value."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from kanal.core import currencies, locks, registry, writes
from kanal.core.actor import Actor
from kanal.core.context import today
from kanal.core.fields import fields_of
from kanal.entities.opportunities.models import Opportunity
from kanal.entities.opportunities.rules import refuse_if_locked
from kanal.entities.quotes.book import refuse_misfit
from kanal.entities.quotes.models import Quote, QuoteItem
from kanal.entities.quotes.pricing_rows import item_values
from kanal.entities.quotes.repricing import follow_amount, follow_book
from kanal.entities.quotes.rules import UNCOUNTED, Figures, Line, Totals, compute, figures
from kanal.kit.errors import Refused
from kanal.kit.money import Money
from kanal.kit.numbers import format_money

WHY_KEPT = gettext_lazy("The active quote can't be deleted. Make it inactive first.")
# These actions change many rows. The action computes the totals itself, once, at its end.
SETTLING = frozenset({"new-quote", "add-items", "save-items", "duplicate", "new-revision", "currency"})
# Fields that can still be edited on a sold opportunity's quote: none of them is an item, a value or its state.
OPEN_WHEN_LOCKED = frozenset({"note"})


def hold(opportunity_id: int) -> Opportunity:
    """Lock the opportunity's row, always before its quotes and their items. Raise Refused if it's sold and locked."""
    opportunity = locks.lock_one(Opportunity.objects.all(), opportunity_id)
    refuse_if_locked(opportunity)
    return opportunity


def derive_quote(quote: Any, changed: set[str]) -> None:
    """Number a new quote, and make the first one active. Raise Refused if the opportunity is sold."""
    if quote.pk is None:
        quote.opportunity = hold(quote.opportunity_id)
        year = today().year
        quote.number = f"Q-{year}-{writes.next_number(f'quotes-{year}'):04d}"
        quote.is_active = quote.is_active or not Quote.objects.filter(opportunity=quote.opportunity_id).exists()
    refuse_misfit(quote, changed)


def guard_quote(quote: Any, changed: set[str], by: Actor) -> None:
    """Prevent changes to quotes of a sold opportunity, and deletion of the active one (QUOTE-2, SOLD-2)."""
    if not changed <= OPEN_WHEN_LOCKED:
        refuse_if_locked(Opportunity.objects.get(pk=quote.opportunity_id), by.user)
    if changed == {"*"} and quote.is_active:
        raise Refused(WHY_KEPT)
    if "opportunity" in changed:
        raise Refused(_("A quote can't be moved to another opportunity."))
    if "currency" in changed and by.verb != "currency" and quote.items.exclude(kind="section").exists():
        raise Refused(_("Use “Currency” to change the currency, so that the items get prices in it."))


def after_quote(quote: Any, changed: set[str], by: Actor) -> None:
    """Update prices after a change of the book, and the opportunity's value."""
    is_other = bool(changed & {"price_book", "brand", "product_version"}) and by.verb not in SETTLING
    if is_other and follow_book(quote, by.within_action("save-items")):  # permitted: to the user who changed the quote
        recalculate(quote, by)
    if quote.is_active:
        update_opportunity_value(quote, by)


def check_quote(quote: Any, errors: dict[str, list]) -> None:
    """Add an error for a validity that ends before it starts."""
    if quote.start and quote.due and quote.due < quote.start:
        errors["due"] = [_("The quote can't be due before it starts.")]


def derive_item(item: Any, changed: set[str]) -> None:
    """Set the quote's currency, and compute the row. Raise Refused for a new row if the opportunity is locked."""
    if item.pk is None:
        hold(item.quote.opportunity_id)
        item.position = item.position or item.quote.items.count() + 1
        if (item.product_id or item.bundle_id) and not item.price_origin:
            fill(item, changed)
    given_currency = item.currency
    item.currency = item.quote.currency
    item.unit_price = item.unit_price or Decimal(0)
    given = {key for key in ("unit_price", "discount_amount") if key in changed and getattr(item, key)}
    item.other_currency = bool(
        given_currency and given_currency != item.currency and given
    )  # zero is the same in any currency
    if not item.name:
        thing = item.product or item.bundle
        item.name = thing.name if thing else _("Rounding") if item.kind == QuoteItem.Kind.ROUNDING else ""
    if item.pk is not None:
        follow_amount(item, changed)
    all_figures, _totals = compute([line_of(item)], item.currency)
    if item.kind != QuoteItem.Kind.ROUNDING:
        item.total, item.value = all_figures[0].total, all_figures[0].value
    if item.price_origin and "unit_price" in changed:
        item.price_origin = {**item.price_origin, "by_hand": item.unit_price != item.list_price}


def fill(item: Any, changed: set[str]) -> None:
    """Set the price book's values on a new product or bundle row, unless entered."""
    key = "product" if item.product_id else "bundle"
    given = {key: getattr(item, key), "amount": item.amount}
    if item.unit_price:
        given["unit_price"] = Money(item.unit_price, item.currency)
    fields = fields_of(registry.get("quote-items"))
    defaults = {name: fields[name].default for name in changed if name in fields}
    typed = {name for name, usual in defaults.items() if getattr(item, name, None) not in (None, "", usual)} - {"kind"}
    for name, value in item_values(item.quote, given).items():
        if name not in typed:
            fields[name].set(item, fields[name].clean(value))


def check_item(item: Any, errors: dict[str, list]) -> None:
    """Add errors for an amount in another currency, two discounts, and an empty row."""
    if getattr(item, "other_currency", False):
        errors["unit_price"] = [_("This quote is in %(currency)s.") % {"currency": item.currency}]
    if item.discount_percent is not None and item.discount_amount is not None:
        errors["discount_percent"] = [_("A discount is either a percentage or an amount, not both.")]
    refuse_amounts(item, errors)
    if item.unit_price < 0 and item.kind != QuoteItem.Kind.ROUNDING:
        errors["unit_price"] = [_("This can't be negative; enter a discount instead.")]
    if not item.name:
        errors["name"] = [_("This field is required.")]
    if item.kind == QuoteItem.Kind.ROUNDING and not (item.step or 0) > 0:
        errors["step"] = [_("Choose the step to round to.")]


def refuse_amounts(item: Any, errors: dict[str, list]) -> None:
    """Add errors for an amount that isn't positive, and a discount that exceeds the price."""
    if item.kind in UNCOUNTED:
        return
    if item.amount <= 0:
        errors["amount"] = [_("Enter a number greater than 0.")]
        return
    gross = figures(replace(line_of(item), discount_percent=None, discount_amount=None), item.currency).gross
    if (item.discount_amount or 0) > gross:
        message = _("This is more than the line's price of %(price)s.")
        price = format_money(gross, item.currency, get_language() or "en")
        errors["discount_amount"] = [message % {"price": price}]


def guard_item(item: Any, changed: set[str], by: Actor) -> None:
    """Prevent changes to items of a sold opportunity."""
    refuse_if_locked(Opportunity.objects.get(quotes=item.quote_id), by.user)
    if "quote" in changed:
        raise Refused(_("An item can't be moved to another quote."))


def after_item(item: Any, changed: set[str], by: Actor) -> None:
    """Recalculate the quote after a single row was changed."""
    if by.verb not in SETTLING:
        recalculate(item.quote, by)


def gone_item(item: Any, by: Actor) -> None:
    """Recalculate the quote after a single row was deleted."""
    if by.verb not in SETTLING:
        recalculate(Quote.objects.get(pk=item.quote_id), by)


def line_of(item: Any) -> Line:
    """Return a row as a line for the rules."""
    return Line(
        kind=item.kind,
        amount=Decimal(item.amount),
        unit_price=Decimal(item.unit_price or 0),
        discount_percent=item.discount_percent,
        discount_amount=item.discount_amount,
        tax_percent=Decimal(item.tax_percent or 0),
        recurrence=item.recurrence,
        term_months=item.term_months,
        counts=item.counts,
        step=item.step,
        rounds=item.rounds or "grand_total",
    )


def computed(quote: Any) -> tuple[list[Any], list[Figures], Totals]:
    """Return a quote's items with their computed figures and totals."""
    items = list(quote.items.select_related("product", "bundle"))
    all_figures, totals = compute([line_of(item) for item in items], quote.currency)
    return items, all_figures, totals


def recalculate(quote: Any, by: Actor) -> Totals:
    """Store changed totals of a quote and its rounding item, and update the opportunity's value."""
    items, all_figures, totals = computed(quote)
    for item, line_figures in zip(items, all_figures, strict=True):
        if (item.total, item.value) != (line_figures.total, line_figures.value):
            actor = by.within_action("save-items")  # permitted: to the user who changed the quote
            writes.update_system_fields(item, by=actor, total=line_figures.total, value=line_figures.value)
    sums = {key: totals.per_recurrence[key] for key in ("one_off", "monthly", "quarterly", "yearly")}
    sums |= {"value": totals.value, "tax": totals.tax, "grand_total": totals.grand_total}
    if any(getattr(quote, key) != value for key, value in sums.items()):
        writes.update_system_fields(quote, by=by, **sums)
    return totals


def update_opportunity_value(quote: Any, by: Actor) -> None:
    """Set the opportunity's value from its active quote, unless set manually (OPP-6)."""
    opportunity = Opportunity.objects.get(pk=quote.opportunity_id)
    if not quote.items.exclude(kind=QuoteItem.Kind.SECTION).exists():
        unfollow(opportunity, by)
        return
    if (opportunity.quoted_value, opportunity.quoted_currency) == (quote.value, quote.currency):
        return
    columns: dict[str, Any] = {"quoted_value": quote.value, "quoted_currency": quote.currency}
    writes.update_system_fields(opportunity, by=by, **columns)


def unfollow(opportunity: Any, by: Actor) -> None:
    """Keep the current value if there's no active quote any more."""
    if opportunity.quoted_value is not None:
        writes.update_system_fields(opportunity, by=by, quoted_value=None, quoted_currency="")


def rate_between(base: str, other: str) -> Decimal | None:
    """Return today's exchange rate of two currencies, or None if a rate is missing."""
    rates = currencies.rates()
    if not rates.get(base) or not rates.get(other):
        return None
    return Decimal(rates[base]) / Decimal(rates[other])
