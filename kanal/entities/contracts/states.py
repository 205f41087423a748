"""States of contracts that follow their dates (CON-5): a change shows at once, a day that passes within an hour."""

import datetime as dt
from typing import Any

from django.db.models import Q

from kanal.core import writes
from kanal.core.actor import Actor, Means
from kanal.entities.contracts import rules
from kanal.entities.contracts.amending import apply_due
from kanal.entities.contracts.models import Contract
from kanal.kit.dates import add_months

PIECE = 500


def keep_states(today: dt.date) -> int:
    """Apply what is due and write the states that differ; return how many contracts were changed."""
    by = Actor(means=Means.JOB, verb="keep-states")
    changed = apply_due(today, by)
    last = 0
    while rows := list(candidates(today).filter(pk__gt=last).order_by("pk")[:PIECE]):
        last = rows[-1].pk
        touched: list[tuple[Any, dict[str, Any]]] = [
            (row, {"status": state}) for row in rows if (state := rules.state_on(row, today)) != row.status
        ]
        if touched:
            writes.touch_many(touched, by=by)
        changed += len(touched)
    return changed


def candidates(today: dt.date) -> Any:
    """Return the contracts whose state may follow from their dates today."""
    soon = add_months(today, rules.LONGEST_NOTICE)
    ends = Q(end__isnull=False, end__lte=soon) | Q(status="ending")
    starts = Q(start__lte=today, delivered_on__isnull=False)
    open_ones = Contract.objects.exclude(status__in=("ended", "cancelled"))
    return open_ones.filter(ends | (starts & Q(status__in=("ordered", "in_delivery"))))
