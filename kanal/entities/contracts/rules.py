"""Decisions about contracts: their dates, and what may be done with them."""

import datetime as dt
from typing import Any

from django.utils.translation import gettext as _

from kanal.entities.opportunities.rules import why_locked
from kanal.kit.dates import add_months


def end_of_term(start: dt.date, months: int) -> dt.date:
    """Give the last day of a term: the day before the same day of a later month, that month's last if it is shorter."""
    end = add_months(start, months)
    return end if end.day < start.day else end - dt.timedelta(days=1)


def check(contract: Any, errors: dict[str, list]) -> None:
    """Refuse an end before the start."""
    if contract.start and contract.end and contract.end < contract.start:
        errors["end"] = [_("The contract would end before it starts.")]


def why_not_deliver(contract: Any) -> Any:
    """Say why a contract can't be marked as delivered."""
    if contract.status in ("ended", "cancelled"):
        return _("This contract is over.")
    return _("This contract is delivered already.") if contract.delivered_on else None


def why_not_cancel(contract: Any) -> Any:
    """Say why a contract can't be cancelled."""
    return _("This contract is over.") if contract.status in ("ended", "cancelled") else None


def why_not_remove(contract: Any) -> Any:
    """Say why a contract can't be removed from an unlocked sale (SOLD-2)."""
    if reason := why_locked(contract.opportunity):
        return reason
    return _("The delivery of this contract has begun. Cancel it instead.") if contract.has_begun else None


def status_after(contract: Any) -> str:
    """Give the status of a delivered contract: running for its term, or done."""
    return "active" if contract.recurrence != "one_off" or contract.type.is_time_based else "ended"
