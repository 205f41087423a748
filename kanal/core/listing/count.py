"""The number of records in a list: exact up to a limit, above it the planner's estimate, marked as such (LIST-9)."""

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
    """A number of records. Estimates are rounded."""

    number: int
    is_estimate: bool = False


def count_of(ask: ListQuery) -> Count:
    """Count the records of a list. For an unfiltered list with a large estimate, skip counting."""
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
    """Return the query without everything that only affects the presentation."""
    return ask.but(columns=(), sort="", cursor="", group="", limit=0)


def expected(ask: ListQuery) -> int:
    """Return the estimated number of records in a list."""
    return lately_expected(bare(ask))


def counted(ask: ListQuery) -> int:
    """Count up to the limit for exact numbers."""
    return records_of(ask).values("pk")[: EXACT_UP_TO + 1].count()


@cached
def lately_counted(ask: ListQuery) -> int:
    """Count an unfiltered list, cached: changes of the last few seconds don't matter among thousands."""
    return counted(ask)


@cached
def lately_expected(ask: ListQuery) -> int:
    """Estimate a list, cached as the statistics only change every few minutes."""
    return estimate(records_of(ask))


def estimate(records: QuerySet) -> int:
    """Return the number of rows that the planner expects from its statistics, without counting."""
    plan = records.values("pk").explain(format="json")
    return int(json.loads(plan)[0]["Plan"]["Plan Rows"]) if plan else 0  # no plan: Django knows that there are no rows


def rounded(number: int) -> int:
    """Round an estimate to its two or three significant digits."""
    step = 10 ** max(len(str(number)) - 3, 0)
    return round(number / step) * step
