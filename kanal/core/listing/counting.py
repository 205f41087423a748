"""How many records a list has: exact up to a limit, beyond it the planner's estimate, marked as such (LIST-9)."""

import json
from dataclasses import dataclass

from django.db.models import QuerySet

from kanal.core.listing.asking import Ask, records_of

EXACT_UP_TO = 10_000
SURELY_MORE = EXACT_UP_TO * 5 // 4


@dataclass(frozen=True)
class Count:
    """A number of records; an estimate is rounded to what it is worth."""

    number: int
    is_estimate: bool = False


def count_of(ask: Ask) -> Count:
    """Count the records of a list; where nothing narrows it, a big estimate spares the counting itself."""
    records = records_of(ask)
    if not ask.is_filtered:
        guess = estimate(records)
        if guess > SURELY_MORE:
            return Count(rounded(guess), True)
    number = records.values("pk")[: EXACT_UP_TO + 1].count()
    if number <= EXACT_UP_TO:
        return Count(number)
    return Count(rounded(max(estimate(records), EXACT_UP_TO)), True)


def estimate(records: QuerySet) -> int:
    """Ask the planner how many rows it expects; it knows from its statistics and counts nothing."""
    told = records.values("pk").explain(format="json")
    return int(json.loads(told)[0]["Plan"]["Plan Rows"]) if told else 0  # nothing: Django knows that there is none


def rounded(number: int) -> int:
    """Round an estimate to two or three digits that mean something."""
    step = 10 ** max(len(str(number)) - 3, 0)
    return round(number / step) * step
