"""States of contracts based on dates (CON-5). A change shows at once, a passed date within an hour."""

import datetime as dt
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from kanal.core import writes
from kanal.core.actor import Actor, ChangeSource
from kanal.entities.contracts import rules
from kanal.entities.contracts.amending import apply_due, change_terms, lock_contract
from kanal.entities.contracts.models import Contract
from kanal.kit.dates import add_months

PIECE = 500


def keep_states(today: dt.date) -> int:
    """Apply due terms and update changed states. Return the number of changed contracts."""
    by = Actor(means=ChangeSource.JOB, verb="keep-states")
    changed = apply_due(today, by) + renew_due(today)
    last = 0
    while rows := list(candidates(today).filter(pk__gt=last).order_by("pk")[:PIECE]):
        last = rows[-1].pk
        touched: list[tuple[Any, dict[str, Any]]] = [
            (row, {"status": state}) for row in rows if (state := rules.state_on(row, today)) != row.status
        ]
        if touched:
            writes.bulk_update_system_fields(touched, by=by)
        changed += len(touched)
    return changed


def renew_due(today: dt.date) -> int:
    """Extend self-renewing contracts by a term, as a version from the day after the end. Return how many."""
    by = Actor(means=ChangeSource.JOB, verb="renew")
    due = Contract.objects.filter(end__lt=today, renewal=Contract.Renewal.AUTOMATIC, cancelled_on__isnull=True)
    ids = due.filter(term_months__gt=0).exclude(status__in=rules.OVER).values_list("pk", flat=True)
    return sum(renew_contract(pk, today, by) for pk in list(ids))


@transaction.atomic
def renew_contract(pk: int, today: dt.date, by: Actor) -> bool:
    """Extend a contract term by term until it runs today, based on its current values.

    One with a pending amendment continues by that.
    """
    contract: Any = lock_contract(pk)
    is_renewed = False
    while is_to_renew(contract, today):
        end = rules.next_end(contract.end, contract.term_months)
        begins = contract.end + dt.timedelta(days=1)
        is_renewed |= change_terms(contract, {"end": end}, begins, by, reason=_("Renewed automatically"))
    return is_renewed


def is_to_renew(contract: Any, today: dt.date) -> bool:
    """Return whether a contract has ended and renews itself, without a pending amendment."""
    if not rules.renews(contract) or contract.end >= today or contract.status in rules.OVER:
        return False
    return not contract.versions.filter(is_applied=False).exists()


def candidates(today: dt.date) -> Any:
    """Return the contracts whose state may change with their dates today."""
    soon = add_months(today, rules.LONGEST_NOTICE)
    ends = Q(end__isnull=False, end__lte=soon) | Q(status="ending")
    starts = Q(start__lte=today, delivered_on__isnull=False)
    open_ones = Contract.objects.exclude(status__in=("ended", "cancelled"))
    return open_ones.filter(ends | (starts & Q(status__in=("ordered", "in_delivery"))))
