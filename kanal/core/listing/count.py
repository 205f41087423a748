"""How many records a list has: exact up to a limit, beyond it the planner's estimate, marked as such (LIST-9)."""

import json
from dataclasses import dataclass

from django.db.models import QuerySet

from kanal.core.cache import cached
from kanal.core.listing.query import ListQuery, records_of

EXACT_UP_TO = 10_000
SURELY_MORE = EXACT_UP_TO * 5 // 4
MANY = 1_000


@dataclass(frozen=True)
class Count:
    """A number of records; an estimate is rounded to what it is worth."""

    number: int
    is_estimate: bool = False


def count_of(ask: ListQuery) -> Count:
    """Count the records of a list; where nothing narrows it, a big estimate spares the counting itself."""
    number = 0
    if not ask.is_filtered:
        whole = bare(ask)
        guess = lately_expected(whole)
        if guess > SURELY_MORE:
            return Count(rounded(guess), True)
        number = lately_counted(whole)
    if number <= MANY:
        number = counted(ask)
    if number <= EXACT_UP_TO:
        return Count(number)
    return Count(rounded(max(estimate(records_of(ask)), EXACT_UP_TO)), True)


def bare(ask: ListQuery) -> ListQuery:
    """Return what decides which records a list has, without what decides how they are shown."""
    return ask.but(columns=(), sort="", cursor="", group="", limit=0)


def expected(ask: ListQuery) -> int:
    """Estimate how many records a list has."""
    return lately_expected(bare(ask))


def counted(ask: ListQuery) -> int:
    """Count, but no further than is said exactly."""
    return records_of(ask).values("pk")[: EXACT_UP_TO + 1].count()


@cached
def lately_counted(ask: ListQuery) -> int:
    """Count what nothing narrows; among thousands it is not seen that one came or went in the last few seconds."""
    return counted(ask)


@cached
def lately_expected(ask: ListQuery) -> int:
    """Estimate a list; the statistics that this comes from change only every few minutes."""
    return estimate(records_of(ask))


def estimate(records: QuerySet) -> int:
    """Ask the planner how many rows it expects; it knows from its statistics and counts nothing."""
    plan = records.values("pk").explain(format="json")
    return int(json.loads(plan)[0]["Plan"]["Plan Rows"]) if plan else 0  # nothing: Django knows that there is none


def rounded(number: int) -> int:
    """Round an estimate to two or three digits that mean something."""
    step = 10 ** max(len(str(number)) - 3, 0)
    return round(number / step) * step
