"""Checks before a sale: whether there is anything to sell, and all required fields are filled in (SOLD-1, SOLD-3)."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from kanal.core import registry, settings
from kanal.core.access import FieldContext
from kanal.core.fields import Field, fields_of
from kanal.core.writes.required import is_missing, required_fields
from kanal.entities.contracts.models import Contract
from kanal.entities.opportunities.models import OpportunityStatus
from kanal.entities.opportunities.rules import CLOSED, closing_status, first_status, why_locked
from kanal.entities.pricebooks.required import gone_from, missing_in
from kanal.entities.quotes.invariants import computed
from kanal.entities.quotes.models import Quote
from kanal.kit.errors import Invalid


@dataclass(frozen=True)
class Check:
    """A check: the result if it passes, or what is wrong and how to fix it.

    `field` is the opportunity's field that it's about, if any.
    """

    label: str
    is_right: bool
    problem: str = ""
    field: str = ""


def problems_of(results: Iterable[Check]) -> dict[str, list[str]]:
    """Return the problems by field, those without a field under the empty name."""
    wrong: dict[str, list[str]] = {}
    for check in results:
        if not check.is_right:
            wrong.setdefault(check.field, []).append(check.problem)
    return wrong


def active_quote(opportunity: Any) -> Quote | None:
    """Return the active quote, or None."""
    return opportunity.quotes.filter(is_active=True).first()


def won_status(opportunity: Any, wanted: str | None = None) -> Any:
    """Return the status after a sale: the given one of kind won, else the pipeline's first one."""
    return closing_status(opportunity, OpportunityStatus.Kind.WON, wanted)


def won_statuses(opportunity: Any) -> list[OpportunityStatus]:
    """Return the possible statuses after a sale."""
    rows = OpportunityStatus.in_pipeline(opportunity.pipeline_id)
    return [row for row in rows if row.kind == OpportunityStatus.Kind.WON]


def why_expired(quote: Quote | None, today: dt.date) -> str:
    """Return the warning about an expired quote, which the seller confirms before the sale, or ""."""
    if quote is None or not quote.is_expired(today):
        return ""
    last = quote.valid_until or quote.due
    if last is None or last >= today:
        return _("The quote has expired. Confirm that you want to sell it anyway (`accept_expired`).")
    message = _("The quote was valid until %(day)s. Confirm that you want to sell it anyway (`accept_expired`).")
    return message % {"day": last.isoformat()}


def why_not_reopen(opportunity: Any, user: Any = None) -> Any:
    """Return why an opportunity can't be reopened, or None."""
    if reason := why_locked(opportunity, user):
        return reason
    if opportunity.status.kind not in CLOSED:
        return _("This opportunity is open.")
    contracts = opportunity.contracts.exclude(status=Contract.Status.CANCELLED)
    if names := names_of(contracts.filter(status=Contract.Status.ENDED)):
        message = _(
            "This opportunity can't be reopened, as it has contracts that have ended: %(names)s. Copy it to sell again."
        )
        return message % {"names": names}
    if names := names_of(contracts):
        return _("It has contracts; remove or cancel them first: %(names)s") % {"names": names}
    return None


def names_of(contracts: QuerySet[Contract]) -> str:
    """Return the first ten contracts by number and name."""
    return ", ".join(f"{contract.number} {contract.name}" for contract in contracts.order_by("pk")[:10])


def open_status(opportunity: Any, wanted: str | None = None) -> Any:
    """Return the status after reopening: the given one, else the pipeline's initial one."""
    rows = [row for row in OpportunityStatus.in_pipeline(opportunity.pipeline_id) if row.kind not in CLOSED]
    status = next((row for row in rows if row.key == wanted), None) if wanted else first_status(opportunity.pipeline)
    if status is None or status.kind in CLOSED:
        raise Invalid.on("status", _("Choose an open status of the opportunity's pipeline."))
    return status


def checks(opportunity: Any, quote: Quote | None, user: Any, wanted: str | None = None) -> list[Check]:
    """List the checks: requirements of the sale, and fields required by the won status if the user sets it."""
    entity = registry.get("opportunities")
    fields = fields_of(entity)
    status = won_status(opportunity, wanted)
    results = [
        Check(
            _("The pipeline has a status for won opportunities"), status is not None,
            _("The pipeline has no status for won opportunities. Add one in the settings."),
        ),
        Check(
            _("The opportunity has an account"), opportunity.account_id is not None,
            _("The opportunity has no account. Choose the account."), "account",
        ),
    ]  # fmt: skip
    keys = [
        *(status.required_fields if status else ()),
        *(field.key for field in fields.values() if field.is_custom and field.required),
    ]
    if status is not None and user is not None:
        at_sale = FieldContext.of_record(user, entity, opportunity).at(status.key)
        keys += [field.key for field in required_fields(at_sale, verb="sold")]
    results += [filled_in(fields[key], opportunity) for key in dict.fromkeys(keys) if key in fields]
    if settings.value("crm.use_items"):
        results += quote_checks(quote)
    return results


def filled_in(field: Field, opportunity: Any) -> Check:
    """Check that a field of the opportunity is filled in."""
    params = {"field": field.label}
    is_right = not is_missing(field, field.get(opportunity))
    return Check(
        _("“%(field)s” is filled in") % params, is_right, _("“%(field)s” is empty. Fill it in.") % params, field.key
    )  # fmt: skip


def quote_checks(quote: Quote | None) -> list[Check]:
    """List the checks of the active quote."""
    message = _("There is no active quote. Create a quote, or make one active.")
    results = [Check(_("There is an active quote"), quote is not None, message)]
    if quote is None:
        return results
    items, _figures, _totals = computed(quote)
    sold = [item for item in items if item.counts and item.kind != "rounding"]
    results.append(Check(_("The quote has items"), bool(sold), _("The quote has no items. Add what is sold.")))
    for item in sold:
        if item.kind == "bundle" and not item.bundle.items.exists():
            message = _("The bundle “%(name)s” has no products. Add some, or take the bundle out of the quote.")
            results.append(Check(_("The bundles have products"), False, message % {"name": item.name}))
    return [*results, *book_checks(quote)]


def book_checks(quote: Quote) -> list[Check]:
    """List the checks required by the quote's price book."""
    book, results = quote.price_book, []
    missing = missing_in(book, quote.custom) if book else []
    for key in gone_from(book) if book else ():
        message = _("The price book requires “%(field)s”, which quotes no longer have; it is ignored")
        results.append(Check(message % {"field": key}, True))
    names = ", ".join(custom_field_label(key) for key in missing)
    message = _("The price book requires %(fields)s. Fill them in on the quote.") % {"fields": names}
    return [*results, Check(_("The price book's required fields are filled in"), not missing, message)]


def custom_field_label(key: str) -> str:
    """Return the label of a custom field of quotes."""
    field = fields_of(registry.get("quotes")).get(f"custom.{key}")
    return f"“{field.label}”" if field else f"“{key}”"
