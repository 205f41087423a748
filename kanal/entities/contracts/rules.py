"""Rules of contracts: their dates, and which actions are possible."""

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from kanal.entities.opportunities.rules import why_locked
from kanal.entities.quotes.rules import over_term
from kanal.kit.currencies import digits
from kanal.kit.dates import add_months

OVER = ("ended", "cancelled")
LONGEST_NOTICE = 60


def end_of_term(start: dt.date, months: int) -> dt.date:
    """Return the last day of a term: the day before the same day of a later month, or that month's last."""
    end = add_months(start, months)
    return end if end.day < start.day else end - dt.timedelta(days=1)


def check_contract(contract: Any, errors: dict[str, list]) -> None:
    """Add an error for an end before the start."""
    if contract.start and contract.end and contract.end < contract.start:
        errors["end"] = [_("The contract can't end before it starts.")]


def why_not_deliver(contract: Any, user: Any = None) -> Any:
    """Return why a contract can't be marked as delivered."""
    if contract.status in OVER:
        return _("This contract is over.")
    return _("This contract has already been delivered.") if contract.delivered_on else None


def why_not_cancel(contract: Any, user: Any = None) -> Any:
    """Return why a contract can't be cancelled."""
    return _("This contract is over.") if contract.status in OVER else None


def why_not_remove(contract: Any, user: Any = None) -> Any:
    """Return why a contract can't be removed from an unlocked sale (SOLD-2)."""
    if reason := why_locked(contract.opportunity, user):
        return reason
    return _("The delivery of this contract has begun. Cancel it instead.") if contract.has_begun else None


def why_not_amend(contract: Any, user: Any = None) -> Any:
    """Return why a contract's terms can't be amended."""
    if contract.status in OVER:
        return _("This contract is over.")
    return _("This contract is cancelled.") if contract.cancelled_on else None


def runs(contract: Any) -> bool:
    """Return whether a contract runs for a term instead of being done with its delivery."""
    return bool(contract.recurrence != "one_off" or contract.type.is_time_based)


def renews(contract: Any) -> bool:
    """Return whether a contract continues for another term at its end unless cancelled."""
    return bool(contract.renewal == "automatic" and contract.end and contract.term_months and not contract.cancelled_on)


def next_end(end: dt.date, months: int) -> dt.date:
    """Return the last day of the following term. A term that ends with a month continues to do so."""
    begins = end + dt.timedelta(days=1)
    return end_of_term(begins, months)


def state_on(contract: Any, today: dt.date) -> str:
    """Return the state of a contract on a date. A contract that's over stays over (CON-5)."""
    if contract.status in OVER:
        return str(contract.status)
    if contract.cancelled_on:
        return "cancelled" if contract.cancelled_on <= today else "ending"
    if contract.end and contract.end < today and not renews(contract):
        return "ended"
    if not contract.delivered_on or contract.delivered_on > today:
        return str(contract.status) if contract.status not in ("active", "ending") else running_state(contract, today)
    if not runs(contract):
        return "ended"
    if contract.start and contract.start > today:
        return "ordered"
    return running_state(contract, today)


def running_state(contract: Any, today: dt.date) -> str:
    """Return the state of a running contract: ending once its notice period has begun, unless it renews."""
    if renews(contract):
        return "active"
    notice = min(contract.notice_period_months or 1, LONGEST_NOTICE)
    return "ending" if contract.end and contract.end < add_months(today, notice) else "active"


def wrong_terms(changed: Mapping[str, Any]) -> dict[str, list[str]]:
    """Return the errors in amended terms: an amount or term that isn't positive, or negative money."""
    wrong: dict[str, list[str]] = {}
    for key in ("amount", "term_months"):
        if changed.get(key) is not None and Decimal(changed[key]) <= 0:
            wrong[key] = [_("Enter a number greater than 0.")]
    for key in ("price", "value"):
        if changed.get(key) and Decimal(changed[key]["amount"]) < 0:
            wrong[key] = [_("This can't be negative.")]
    return wrong


def what_follows(base: Mapping[str, Any], changed: Mapping[str, Any]) -> dict[str, Any]:
    """Return the terms derived from amended ones: the end of a term, the value of a price over it."""
    terms, derived = {**base, **changed}, dict[str, Any]()
    dated = {"start", "term_months"} & set(changed)
    if dated and "end" not in changed and terms["start"] and terms["term_months"]:
        derived["end"] = end_of_term(dt.date.fromisoformat(terms["start"]), terms["term_months"]).isoformat()
    priced = {"price", "term_months"} & set(changed)
    if priced and "value" not in changed and terms["price"]:
        amount, currency = Decimal(terms["price"]["amount"]), terms["price"]["currency"]
        value = over_term(amount, terms["recurrence"], terms["term_months"], currency)
        derived["value"] = {"amount": f"{value:.{digits(currency)}f}", "currency": currency}
    return derived
