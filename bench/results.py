"""Results of measurements compared with budgets, their output and storage."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from bench.measurement import RESULTS, spread, table

HEADS = ("id", "what", "median ms", "p95 ms", "× floor", "× its p95", "budget", "met")


@dataclass(frozen=True)
class Result:
    """A row of the table. `met` is None without a separate budget. Times are in milliseconds."""

    id: str
    what: str
    budget: str = ""
    met: bool | None = None
    median: float | None = None
    p95: float | None = None
    ratio: float | None = None
    ratio_p95: float | None = None
    facts: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Budget:
    """Limits for median and p95, in milliseconds or multiples of the floor's."""

    median: float | None = None
    p95: float | None = None
    in_floors: bool = False

    def __str__(self) -> str:
        unit = "× floor" if self.in_floors else "ms"
        parts = (("median", self.median), ("p95", self.p95))
        return ", ".join(f"{name} {limit:g} {unit}" for name, limit in parts if limit is not None)

    def is_met(self, median: float, p95: float, floor: dict[str, float]) -> bool:
        """Return whether both are within the limits."""
        each = (floor["median"], floor["p95"]) if self.in_floors else (1.0, 1.0)
        pairs = ((median, self.median, each[0]), (p95, self.p95, each[1]))
        return all(limit is None or actual <= limit * unit for actual, limit, unit in pairs)


def timed(name: str, what: str, times: Sequence[float], floor: Sequence[float], budget: Budget | None) -> Result:
    """Compare times with a budget, and with the floor measured in the same minute."""
    summary, unit = spread(times), spread(floor)
    return Result(
        name, what,
        str(budget) if budget else "",
        budget.is_met(summary["median"], summary["p95"], unit) if budget else None,
        summary["median"], summary["p95"],
        round(summary["median"] / unit["median"], 2), round(summary["p95"] / unit["p95"], 2),
        {"best": summary["best"], "floor": unit, "count": len(times)},
    )  # fmt: skip


def counted(name: str, what: str, number: float, limit: float, unit: str, *, at_least: bool = False) -> Result:
    """Compare a number with an upper or lower limit."""
    met = number >= limit if at_least else number <= limit
    word = "at least" if at_least else "at most"
    return Result(name, f"{what}: {number:,.6g} {unit}", f"{word} {limit:,.6g} {unit}", met, facts={"number": number})


def row(result: Result) -> list[str]:
    """Return a result as a row of the table."""
    numbers = (
        "" if value is None else f"{value:g}" for value in (result.median, result.p95, result.ratio, result.ratio_p95)
    )
    met = {True: "yes", False: "**no**", None: ""}[result.met]
    return [result.id, result.what, *numbers, result.budget, met]


def keep(results: Sequence[Result], size: str, facts: dict[str, Any], name: str = "") -> str:
    """Print results and store them as bench/results/<day>-<size>.md and .json. Return the text."""
    from bench.measurement import keep as write

    day = dt.date.today().isoformat()
    head = "\n".join(f"- {key}: {value}" for key, value in facts.items())
    text = f"# Measurements of {day}\n\n{head}\n\n" + table("Budgets", HEADS, [row(result) for result in results])
    write(name or f"{day}-{size}", text, {"size": size, **facts, "results": [asdict(result) for result in results]})
    return text


def newest(size: str) -> dict[str, Any] | None:
    """Return the newest results for a data set of this size, or None."""
    import json

    paths = sorted(RESULTS.glob(f"20*-{size}.json"))
    return json.loads(paths[-1].read_text(encoding="utf-8")) if paths else None
