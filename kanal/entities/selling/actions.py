"""Selling and unlocking an opportunity (SOLD-1…3): one transaction, the opportunity's row locked first."""

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from kanal.core import locks, registry, settings, writes
from kanal.core.actor import Actor
from kanal.core.context import today
from kanal.entities.contracts import amending
from kanal.entities.contracts.models import Contract
from kanal.entities.contracts.rules import end_of_term
from kanal.entities.opportunities.models import Opportunity
from kanal.entities.pricebooks.models import ProductCategory, Unit
from kanal.entities.quotes.invariants import computed
from kanal.entities.quotes.models import Quote, QuoteItem
from kanal.entities.selling.checking import checks, open_status, problems_of, why_expired, why_not_reopen, won_status
from kanal.entities.selling.rules import Part, Plan, Sold, plans
from kanal.kit.chains import above
from kanal.kit.errors import Invalid, Refused
from kanal.kit.money import Money

BILLING = {"one_off": "once", "monthly": "monthly", "quarterly": "quarterly", "yearly": "yearly"}
OVER = (Contract.Status.ENDED, Contract.Status.CANCELLED)


def sold(opportunity: Any, values: Mapping[str, Any], *, by: Actor) -> Any:
    """Confirm the deal and order the service."""
    return sell(opportunity, values, by=by)


@transaction.atomic
def sell(opportunity: Any, values: Mapping[str, Any], *, by: Actor) -> Opportunity:
    """Win the opportunity, lock it with its quotes, and create or amend a contract for each item of the active quote.

    `status` selects one of several statuses of kind won. `accept_expired` confirms an expired quote.
    """
    by = by.within_action("sold")  # permitted: as `sold`
    current = locks.lock_one(Opportunity.objects.all(), opportunity.pk)
    if current.is_locked:
        raise Refused(_("This opportunity is already sold."))
    locks.lock(current.quotes.all())
    quote = current.quotes.filter(is_active=True).first()
    if quote is not None:
        locks.lock(quote.items.all())
    if wrong := problems_of(checks(current, quote, by.user, values.get("status"))):
        raise Invalid(wrong)
    now = timezone.now()
    if not values.get("accept_expired") and (reason := why_expired(quote, today())):
        raise Refused(reason)
    status = won_status(current, values.get("status"))
    if quote is not None and settings.value("crm.use_items"):
        refuse_left_over(current, quote)
        make_contracts(current, quote, today(), by)
        writes.update_system_fields(quote, by=by, state=Quote.State.ACCEPTED)
        current.refresh_from_db()
    columns = {"status": status, "is_locked": True, "sold_at": current.sold_at or now, "loss_reason": None}
    writes.update_system_fields(current, by=by, **columns)
    current.refresh_from_db()
    return current


def make_contracts(opportunity: Opportunity, quote: Quote, today: dt.date, by: Actor) -> None:
    """Create contracts for new items, and amend those of changed ones. Others stay unchanged (SOLD-2)."""
    items = {item.pk: item for item in quote.items.select_related("product__category", "bundle", "category")}
    there, contracts = present_contracts(opportunity), registry.get("contracts")
    for plan in planned(quote):
        item = items[plan.item]
        values = contract_values(opportunity, quote, item, plan, today)
        present = next((there[key] for key in contract_keys(item, plan.product) if key in there), None)
        if present is None:
            writes.create(contracts, values, by=by, context=writes.carrying(contracts, values, by))
        elif present.status != Contract.Status.CANCELLED:
            amend(present, values, today, by)


def present_contracts(opportunity: Opportunity) -> dict[tuple[int | None, int | None], Contract]:
    """Return an opportunity's contracts by item and product, locked."""
    contracts = locks.lock(opportunity.contracts.all())
    return {(contract.item_id, contract.product_id): contract for contract in contracts}


def contract_keys(item: QuoteItem, product: int | None) -> list[tuple[int | None, int | None]]:
    """Return the keys of an item's contract: the item, or the items of other quotes that it was copied from."""
    return [(candidate.pk, product) for candidate in (item, *above(item, "copied_from"))]


def left_over(opportunity: Opportunity, quote: Quote) -> list[Contract]:
    """Return the contracts that aren't over and whose item is no longer in the quote."""
    wanted = {key for item, product in products_of(quote) for key in contract_keys(item, product)}
    present = present_contracts(opportunity).items()
    return [contract for key, contract in present if key not in wanted and contract.status not in OVER]


def products_of(quote: Quote) -> list[tuple[QuoteItem, int | None]]:
    """Return each item of a quote with each product that gets a contract."""
    items = {item.pk: item for item in quote.items.all()}
    return [(items[plan.item], plan.product) for plan in planned(quote)]


def planned(quote: Quote) -> list[Plan]:
    """Return the contracts for the active quote."""
    items, all_figures, _totals = computed(quote)
    counted = [(item, figures) for item, figures in zip(items, all_figures, strict=True) if item.counts]
    rounding = sum(
        (figures.value for item, figures in counted if item.kind == QuoteItem.Kind.ROUNDING), start=Decimal(0)
    )
    lines = [
        Sold(
            item.pk, item.name, item.amount, figures.total, figures.value, item.category_id or category_of(item),
            item.product_id, Unit.key_of(item.unit_id), bundle_products(item),
        )
        for item, figures in counted
        if item.kind != QuoteItem.Kind.ROUNDING
    ]  # fmt: skip
    return plans(lines, rounding, hand_category().pk, quote.currency)


def category_of(item: QuoteItem) -> int | None:
    """Return the category of an item's product."""
    return item.product.category_id if item.product else None


def bundle_products(item: QuoteItem) -> tuple[Part, ...]:
    """Return a bundle's products, each with its unit."""
    if item.bundle is None:
        return ()
    rows = item.bundle.items.select_related("product__category")
    return tuple(
        Part(row.product_id, row.product.name, row.product.category_id, row.amount, row.weight, unit_of(item, row))
        for row in rows
    )


def unit_of(item: QuoteItem, row: Any) -> str | None:
    """Return the unit of a bundle's product: its own, else that of its prices in the bundle's book."""
    book = item.bundle.price_book_id if item.bundle else None
    prices = row.product.prices.filter(price_book=book, unit__isnull=False)
    unit = row.product.default_unit_id or prices.order_by("pk").values_list("unit_id", flat=True).first()
    return Unit.key_of(unit)


def hand_category() -> ProductCategory:
    """Return the category of manual lines from the settings. Raise Refused if there is none."""
    category = ProductCategory.by_key(settings.value("crm.hand_category")) or ProductCategory.default()
    if category is None:
        raise Refused(_("There is no product category; add one in the settings."))
    return category


def contract_values(
    opportunity: Opportunity, quote: Quote, item: QuoteItem, plan: Plan, today: dt.date
) -> dict[str, Any]:
    """Return the values of a contract."""
    category = ProductCategory.objects.get(pk=plan.category)
    start = quote.contract_start or today
    runs = category.is_time_based or item.recurrence != "one_off"
    months = (item.term_months or category.default_length_months) if runs else None
    money = {key: Money(getattr(plan, key), quote.currency) for key in ("price", "value")}
    return {
        **money,
        "name": plan.name[:260],
        "type": category.key,
        "account": opportunity.account_id,
        "opportunity": opportunity.pk,
        "quote": quote.pk,
        "item": item.pk,
        "product": plan.product,
        "price_book": item.price_origin.get("price_book") or quote.price_book_id,
        "brand": quote.brand_id,
        "product_version": quote.product_version_id,
        "amount": plan.amount,
        "unit": plan.unit,
        "recurrence": item.recurrence,
        "billing_schedule": BILLING[item.recurrence],
        "start": start,
        "end": end_of_term(start, months) if months else None,
        "term_months": months,
        "project": opportunity.project_id,
        "responsible": opportunity.assignee_id,
        "partner": opportunity.partner_id,
        "sold_on": today,
    }


def amend(contract: Contract, values: dict[str, Any], today: dt.date, by: Actor) -> None:
    """Amend a contract to match its item, if it differs. The earlier version is retained (CON-3)."""
    dates = {"start", "end"} if contract.start == values["start"] and same_term(contract, values) else set()
    terms = {key: value for key, value in values.items() if key in amending.TERMS and key not in dates}
    first = max([day for day in (today, contract.start) if day])
    amending.change_terms(contract, terms, first, by, reason=_("Sold again"))
    organisation = {key: values[key] for key in ("project", "responsible")}
    writes.change(contract, organisation, by=by, context=writes.carrying(registry.get("contracts"), organisation, by))


def same_term(contract: Contract, values: dict[str, Any]) -> bool:
    """Return whether the term is unchanged by a repeated sale, so that manually edited dates stay."""
    return contract.term_months == values["term_months"]


def refuse_left_over(opportunity: Opportunity, quote: Quote) -> None:
    """Raise Refused if a sale would leave contracts outside of the quote, so that nothing is sold twice."""
    if contracts := left_over(opportunity, quote):
        names = ", ".join(f"{contract.number} {contract.name}" for contract in contracts)
        text = _("These contracts are no longer part of the quote; remove or cancel them: %(names)s")
        raise Refused(text % {"names": names})


@transaction.atomic
def unlock(opportunity: Any, values: Mapping[str, Any], *, by: Actor) -> None:
    """Unlock a sold opportunity: quotes can be edited, contracts removed, and it can be sold again."""
    current = locks.lock_one(Opportunity.objects.all(), opportunity.pk)
    if not current.is_locked:
        raise Refused(_("This opportunity is not locked."))
    writes.update_system_fields(current, by=by.within_action("unlock"), is_locked=False)


@transaction.atomic
def reopen(opportunity: Any, values: Mapping[str, Any], *, by: Actor) -> None:
    """Reopen a lost opportunity, or a won one that was unlocked and has no contracts any more."""
    current = locks.lock_one(Opportunity.objects.all(), opportunity.pk)
    if reason := why_not_reopen(current, by.user):
        raise Refused(reason)
    status = open_status(current, values.get("status"))
    by = by.within_action("reopen")
    writes.change(current, {"status": status.key, "loss_reason": None}, by=by)
    if current.sold_at is not None:
        writes.update_system_fields(current, by=by, sold_at=None)
