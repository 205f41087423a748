"""PERF-15: the cost of five times the data, from the newest results of the large and the huge set."""

from typing import Any

from bench.results import Result, newest
from bench.run import Run

COMPARED = ("PERF-1", "PERF-4", "PERF-5")
LIMIT = 1.5


def growth(run: Run) -> list[Result]:
    """Compare the stored results."""
    large, huge = newest("large"), newest("huge")
    if large is None or huge is None:
        return [Result("PERF-15", "no results of both sizes are kept yet: run the bench on each")]
    return compared(large["results"], huge["results"])


def compared(large: list[dict[str, Any]], huge: list[dict[str, Any]]) -> list[Result]:
    """Compare medians, each in multiples of its own run's floor."""
    before = {(one["id"], one["what"]): one["ratio"] for one in large if one["ratio"]}
    found = []
    for one in huge:
        key = one["id"], one["what"]
        if one["id"] in COMPARED and key in before and one["ratio"]:
            ratio = round(one["ratio"] / before[key], 2)
            what = f"{one['id']} {one['what']}: × {ratio}"
            found.append(Result("PERF-15", what, f"at most × {LIMIT}", ratio <= LIMIT, facts={"ratio": ratio}))
    return found
