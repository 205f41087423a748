"""Timing and explaining of queries; printing and storing of results under bench/results/."""

import json
import statistics
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from django.db import connection
from django.db.models import QuerySet

RESULTS = Path(__file__).parent / "results"


def times(run: Callable[[], Any], repeats: int = 25) -> list[float]:
    """Run a function twice to warm up, then `repeats` times. Return the milliseconds of each run."""
    for _each in range(2):
        run()
    durations = []
    for _each in range(repeats):
        began = time.perf_counter()
        run()
        durations.append((time.perf_counter() - began) * 1000)
    return durations


def in_turn(runs: dict[str, Callable[[], Any]], repeats: int = 25) -> dict[str, list[float]]:
    """Time several functions in turn, so that other load on the machine affects all of them equally."""
    durations: dict[str, list[float]] = {name: [] for name in runs}
    for run in runs.values():
        run()
    for _each in range(repeats):
        for name, run in runs.items():
            began = time.perf_counter()
            run()
            durations[name].append((time.perf_counter() - began) * 1000)
    return durations


def spread(values: Sequence[float]) -> dict[str, float]:
    """Return median, 95th percentile and minimum in milliseconds."""
    ordered = sorted(values)
    return {
        "median": round(statistics.median(ordered), 2),
        "p95": round(ordered[min(int(len(ordered) * 0.95), len(ordered) - 1)], 2),
        "best": round(ordered[0], 2),
    }


def plan_of(records: QuerySet) -> dict[str, Any]:
    """Explain a query by running it: its nodes from the top, its time, the buffers it read."""
    explained = json.loads(records.explain(format="json", analyze=True, buffers=True))[0]
    nodes: list[str] = []
    walk(explained["Plan"], nodes)
    top = explained["Plan"]
    return {
        "nodes": nodes,
        "execution_ms": round(explained["Execution Time"], 2),
        "planning_ms": round(explained["Planning Time"], 2),
        "buffers": top.get("Shared Hit Blocks", 0) + top.get("Shared Read Blocks", 0),
    }


def walk(node: dict[str, Any], nodes: list[str]) -> None:
    """Collect a plan's nodes with the indexes they use."""
    index = f" using {node['Index Name']}" if "Index Name" in node else ""
    removed = node.get("Rows Removed by Filter")
    nodes.append(f"{node['Node Type']}{index}" + (f", {removed:,} rows filtered away" if removed else ""))
    for child in node.get("Plans", ()):
        walk(child, nodes)


def table(title: str, headings: Sequence[str], rows: Sequence[Sequence[Any]]) -> str:
    """Return a table as Markdown."""
    lines = [
        f"## {title}",
        "",
        "| " + " | ".join(headings) + " |",
        "| " + " | ".join("---" for _one in headings) + " |",
    ]
    lines += ["| " + " | ".join(str(cell).replace("|", "\\|") for cell in row) + " |" for row in rows]
    return "\n".join(lines) + "\n"


def size_of(*models: Any) -> str:
    """Return the tables' row counts from the catalog."""
    with connection.cursor() as cursor:
        counts = []
        for model in models:
            cursor.execute("SELECT reltuples::bigint FROM pg_class WHERE relname = %s", [model._meta.db_table])
            counts.append(f"{cursor.fetchone()[0]:,} {model._meta.verbose_name_plural}")
    return ", ".join(counts)


def keep(name: str, text: str, data: Any) -> None:
    """Print results and write them as Markdown and JSON."""
    print(text)
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / f"{name}.md").write_text(text, encoding="utf-8")
    (RESULTS / f"{name}.json").write_text(json.dumps(data, indent=1, default=str) + "\n", encoding="utf-8")
