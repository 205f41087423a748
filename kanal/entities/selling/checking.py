"""What is checked before a sale: is there something to sell, and is all that is required filled in (SOLD-1, SOLD-3)."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from kanal.core import settings
from kanal.entities.contracts.models import Contract
from kanal.entities.opportunities.models import OpportunityStatus
from kanal.entities.opportunities.rules import CLOSED, EMPTY, closing_status, first_status, why_locked
from kanal.entities.pricebooks.required import gone_from, required_of
from kanal.entities.quotes.keeping import computed
from kanal.entities.quotes.models import Quote
from kanal.kit.errors import Invalid


@dataclass(frozen=True)
class Check:
    """One thing that is checked: what, whether it is right, what to do where it is not."""

    label: str
    is_right: bool
    reason: str = ""


def active_quote(opportunity: Any) -> Quote | None:
    """Give the active quote, or None."""
    return opportunity.quotes.filter(is_active=True).first()


def won_status(opportunity: Any, wanted: str | None = None) -> Any:
    """Return the status that a sale leads to: the wanted one of the kind won, else the pipeline's first one."""
    return closing_status(opportunity, OpportunityStatus.Kind.WON, wanted)


def why_expired(quote: Quote | None, today: dt.date) -> str:
    """Say that a quote has expired, which its seller confirms before the sale; empty where it is still valid."""
    if quote is None or not quote.is_expired(today):
        return ""
    last = quote.valid_until or quote.due
    if last is None or last >= today:
        return _("The quote has expired. Confirm that it is sold all the same (`accept_expired`).")
    told = _("The quote was valid until %(day)s. Confirm that it is sold all the same (`accept_expired`).")
    return told % {"day": last.isoformat()}


def why_not_reopen(opportunity: Any) -> Any:
    """Say why an opportunity can't be reopened, or None."""
    if reason := why_locked(opportunity):
        return reason
    if opportunity.status.kind not in CLOSED:
        return _("This opportunity is open.")
    running = opportunity.contracts.exclude(status=Contract.Status.CANCELLED)
    if names := ", ".join(f"{one.number} {one.name}" for one in running.order_by("pk")[:10]):
        return _("It has contracts; remove or cancel them first: %(names)s") % {"names": names}
    return None


def open_status(opportunity: Any, wanted: str | None = None) -> Any:
    """Return the status in which work goes on: the wanted one, else the one in which the pipeline begins."""
    rows = [row for row in OpportunityStatus.in_pipeline(opportunity.pipeline_id) if row.kind not in CLOSED]
    status = next((row for row in rows if row.key == wanted), None) if wanted else first_status(opportunity.pipeline)
    if status is None or status.kind in CLOSED:
        raise Invalid.on("status", _("Choose an open status of the opportunity's pipeline."))
    return status


def checks(opportunity: Any, quote: Quote | None) -> list[Check]:
    """List what is checked."""
    from kanal.core import registry
    from kanal.core.fields import fields_of

    fields = fields_of(registry.get("opportunities"))
    status = won_status(opportunity)
    found = [
        Check(_("The pipeline has a status for won opportunities"), status is not None, _("Add one in the settings.")),
        Check(_("The opportunity has an account"), opportunity.account_id is not None, _("Choose the account.")),
    ]
    for key in status.required_fields if status else ():
        if key in fields:
            label = _("%(field)s is filled in") % {"field": fields[key].label}
            found.append(Check(label, fields[key].get(opportunity) not in EMPTY, _("Fill it in.")))
    for field in fields.values():
        if field.is_custom and field.required:
            label = _("%(field)s is filled in") % {"field": field.label}
            found.append(Check(label, field.get(opportunity) not in EMPTY, _("Fill it in.")))
    if settings.value("crm.use_items"):
        found += quote_checks(quote)
    return found


def quote_checks(quote: Quote | None) -> list[Check]:
    """List what is checked of the active quote."""
    found = [Check(_("There is an active quote"), quote is not None, _("Make a quote, or make one active."))]
    if quote is None:
        return found
    items, _figures, _totals = computed(quote)
    sold = [item for item in items if item.counts and item.kind != "rounding"]
    found.append(Check(_("The quote has items"), bool(sold), _("Add what is sold.")))
    for item in sold:
        if item.kind == "bundle" and not item.bundle.items.exists():
            label = _("The bundle “%(name)s” has products") % {"name": item.name}
            found.append(Check(label, False, _("Add products to the bundle.")))
    book = quote.price_book
    missing = [key for key in (required_of(book) if book else ()) if not quote.custom.get(key)]
    for key in gone_from(book) if book else ():
        told = _("The price book asks for “%(field)s”, which quotes have no more; it is left out")
        found.append(Check(told % {"field": key}, True))
    label = _("The price book's required fields are filled in")
    found.append(Check(label, not missing, ", ".join(missing)))
    return found
