"""`make bench`: run all or the named measurements on the data set in DATABASE_URL."""

import argparse
import os
import secrets
import sys
from collections.abc import Sequence
from importlib import import_module
from tempfile import TemporaryDirectory
from typing import Any

FIGURES = {
    "PERF-0": "lists:floor", "PERF-1": "lists:first_pages", "PERF-2": "lists:filtered", "PERF-3": "lists:last_page",
    "PERF-4": "pages:records", "PERF-5": "pages:search", "PERF-6": "pages:home", "PERF-7": "pages:board",
    "PERF-8": "writing:changing", "PERF-9": "writing:intake", "PERF-11": "documents:quote",
    "PERF-13": "weight:memory", "PERF-14": "weight:page_weight", "PEERS": "peers:peers", "PERF-15": "growth:growth",
}  # fmt: skip
SPIKES = ("custom_fields", "access", "history")
HUGE = 600_000
NO_DATA = """kanal: Name a database with a large data set first:
  DATABASE_URL=postgresql://… .venv/bin/kanal migrate
  DATABASE_URL=postgresql://… .venv/bin/kanal generate --size huge
  DATABASE_URL=postgresql://… make bench"""


def asked(given: Sequence[str]) -> argparse.Namespace:
    """Parse the arguments."""
    parser = argparse.ArgumentParser(prog="make bench", description="Measure what Kanal promises, against its budgets.")
    parser.add_argument("names", nargs="*", help=f"{', '.join((*FIGURES, *SPIKES))}; none: all figures")
    parser.add_argument("--repeats", type=int, default=60, help="how often each page is asked for")
    parser.add_argument("--minutes", type=float, default=1.0, help="how long PERF-13 asks for pages (60 at most)")
    parser.add_argument("--keep", default="", metavar="NAME", help="file name below bench/results")
    arguments = parser.parse_args(given)
    if unknown := [name for name in arguments.names if name not in FIGURES and name not in SPIKES]:
        parser.error(f"There is no measurement “{unknown[0]}”; there are: {', '.join((*FIGURES, *SPIKES))}.")
    return arguments


def main(given: Sequence[str] | None = None) -> int:
    """Run the named measurements and return the exit code."""
    wanted = asked(sys.argv[1:] if given is None else given)
    if not os.environ.get("DATABASE_URL"):
        print(NO_DATA, file=sys.stderr)
        return 1
    os.environ.setdefault("KANAL_SECRET_KEY", secrets.token_hex(32))
    os.environ["DJANGO_SETTINGS_MODULE"] = "bench.settings"
    for name in (candidate for candidate in wanted.names if candidate in SPIKES):
        import_module(f"bench.spike_{name}").main()
    figures = [name for name in FIGURES if name in wanted.names or not wanted.names]
    if figures:
        with TemporaryDirectory(prefix="kanal-bench-") as data:
            os.environ["KANAL_DATA"] = data
            measure(figures, wanted, data)
    return 0


def measure(figures: Sequence[str], wanted: argparse.Namespace, data: str) -> None:
    """Start the server, run the figures, print and store their results."""
    import django

    django.setup()
    from bench.results import keep, row
    from bench.run import Run, load_average
    from bench.server import PROCESSES, served

    size, facts = size_of_data(), {"data": "", "web processes": PROCESSES, "load at the start": load_average()}
    facts["data"] = f"{size[0]}: {size[1]}"
    results = []
    with served(data) as (base, server):
        run = Run(base, server, wanted.repeats, wanted.minutes, size[0])
        for name in figures:
            for result in results_of(name, run):
                results.append(result)
                print(" | ".join(row(result)), flush=True)
    facts["load at the end"] = load_average()
    keep(results, size[0], facts, wanted.keep or ("" if not wanted.names else f"last-{size[0]}"))


def results_of(name: str, run: Any) -> list[Any]:
    """Return the results of one figure. A failure is reported in the table, and the others continue."""
    from bench.results import Result

    module, function = FIGURES[name].split(":")
    try:
        return list(getattr(import_module(f"bench.figures.{module}"), function)(run))
    except (RuntimeError, LookupError, OSError) as problem:
        return [Result(name, f"could not be measured: {str(problem)[:200]}")]


def size_of_data() -> tuple[str, str]:
    """Return the name of the data set's size, and its number of records as text."""
    from bench.measurement import size_of
    from kanal.core import registry
    from kanal.entities.opportunities.models import Opportunity

    models = [registry.get(key).model for key in ("accounts", "contacts", "leads", "opportunities", "activities")]
    count = Opportunity.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    return ("huge" if count >= HUGE else "large" if count >= HUGE // 5 else "small"), size_of(*models)


if __name__ == "__main__":
    sys.exit(main())
