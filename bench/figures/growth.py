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
    before = {(earlier["id"], earlier["what"]): earlier["ratio"] for earlier in large if earlier["ratio"]}
    results = []
    for measurement in huge:
        key = measurement["id"], measurement["what"]
        if measurement["id"] in COMPARED and key in before and measurement["ratio"]:
            ratio = round(measurement["ratio"] / before[key], 2)
            what = f"{measurement['id']} {measurement['what']}: × {ratio}"
            results.append(Result("PERF-15", what, f"at most × {LIMIT}", ratio <= LIMIT, facts={"ratio": ratio}))
    return results
