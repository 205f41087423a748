"""What is checked before a sale: is there something to sell, and is all that is required filled in (SOLD-1, SOLD-3)."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from kanal.core import settings
from kanal.entities.opportunities.models import OpportunityStatus
from kanal.entities.opportunities.rules import EMPTY
from kanal.entities.quotes.keeping import computed
from kanal.entities.quotes.models import Quote


@dataclass(frozen=True)
class Check:
    """One thing that is checked: what, whether it is right, what to do where it is not."""

    label: str
    is_right: bool
    reason: str = ""


def active_quote(opportunity: Any) -> Quote | None:
    """Give the active quote, or None."""
    return opportunity.quotes.filter(is_active=True).first()


def won_status(opportunity: Any) -> Any:
    """Give the status that a sale leads to: the pipeline's first one of the kind won."""
    return OpportunityStatus.first_of_kind(opportunity.pipeline_id, OpportunityStatus.Kind.WON)


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
    missing = [
        key for key in (quote.price_book.required_quote_fields if quote.price_book else ()) if not quote.custom.get(key)
    ]
    label = _("The price book's required fields are filled in")
    found.append(Check(label, not missing, ", ".join(missing)))
    return found
