"""Actions on contracts. The sale, which creates contracts, is a separate app."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from kanal.core import locks, registry, writes
from kanal.core.actor import Actor
from kanal.core.context import today
from kanal.entities.contracts import rules
from kanal.entities.opportunities.models import Opportunity
from kanal.kit.errors import Invalid, Refused
from kanal.kit.money import Money


def mark_delivered(contract: Any, values: Mapping[str, Any], *, by: Actor) -> None:
    """Store the date of delivery. The state follows: a contract with a term runs from its start, any other is done."""
    day = values.get("delivered_on") or today()
    if day > today():
        raise Invalid.on("delivered_on", _("This day is in the future."))
    writes.update_system_fields(contract, by=by, delivered_on=day)


def cancel_contract(contract: Any, values: Mapping[str, Any], *, by: Actor) -> None:
    """Cancel a contract on a date, with the reason. Until then it's ending."""
    day = values.get("cancelled_on") or today()
    refuse_day(contract, day)
    columns: dict[str, Any] = {"cancelled_on": day, "cancel_reason": values["cancel_reason"]}
    if contract.start is None or contract.start <= day:
        columns["end"] = min(day, contract.end) if contract.end else day
    writes.update_system_fields(contract, by=by, **columns)


def refuse_day(contract: Any, day: dt.date) -> None:
    """Raise Invalid for a cancellation before the sale or after the contract's end."""
    if day < contract.sold_on:
        message = _("The contract was sold on %(day)s; it can't be cancelled before.")
        raise Invalid.on("cancelled_on", message % {"day": contract.sold_on.isoformat()})
    if contract.end and day > contract.end:
        message = _("The contract ends on %(day)s anyway; cancel it on that day or earlier.")
        raise Invalid.on("cancelled_on", message % {"day": contract.end.isoformat()})


@transaction.atomic
def new_upsell_opportunity(contract: Any, values: Mapping[str, Any], *, by: Actor) -> Any:
    """Create an opportunity to renew or extend a time-based contract, prefilled with its dates and value (CON-3)."""
    sold = contract.opportunity
    defaults = {
        "name": _("%(name)s: upsell") % {"name": contract.name[:180]},
        "project": contract.project_id,
        "account": contract.account_id,
        "main_contact": sold.main_contact_id,
        "partner": contract.partner_id,
        "assignee": contract.responsible_id,
        "value": Money(contract.value, contract.currency),
        "expected_close_date": contract.end,
        "opportunity_type": "upsell",
        "description": _("From contract %(number)s.") % {"number": contract.number},
    }
    values = {key: value for key, value in {**defaults, **values}.items() if value not in (None, "")}
    entity = registry.get("opportunities")
    carried = writes.carrying(entity, defaults, by)
    return writes.create(entity, values, by=by.within_action("new-upsell-opportunity"), context=carried)


@transaction.atomic
def remove(contract: Any, values: Mapping[str, Any], *, by: Actor) -> Any:
    """Remove a contract while its opportunity is unlocked. Return the opportunity to redirect to (SOLD-2)."""
    opportunity = locks.lock_one(Opportunity.objects.all(), contract.opportunity_id)
    contract.opportunity = opportunity
    if reason := rules.why_not_remove(contract, by.user):
        raise Refused(reason)
    writes.delete(contract, by=by.within_action("remove"))
    return opportunity
