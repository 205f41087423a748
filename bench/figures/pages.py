"""PERF-4 to PERF-7: a record's page, search as you type, the start page, the board."""

from collections.abc import Callable
from itertools import cycle
from typing import Any

from bench.results import Budget, Result, counted
from bench.run import Run, viewers
from kanal.core import access, registry
from kanal.entities.activities.models import Activity
from kanal.entities.opportunities.models import Opportunity

TYPED = ("nor", "nord", "nordl", "nordli", "ber", "berg", "bergen", "har", "harb", "harbo", "100", "1002", "10023")
MISSPELLED = ("nordlijs", "harbuor", "skagerak", "oslfjord")


def in_turn(run: Run, user: Any, paths: list[str], **headers: str) -> Callable[[], Any]:
    """Return a function that requests one of several pages in turn."""
    client, turn = run.client(user, **headers), cycle(paths)
    return lambda: client.ask(next(turn))


def busy_records(user: Any, count: int = 40) -> list[int]:
    """Return visible opportunities with activities, spread over all."""
    entity = registry.get("opportunities")
    ids = Activity.objects.exclude(opportunity=None).order_by("-pk").values_list("opportunity_id", flat=True)[:20_000]
    visible = access.visible_to(user, entity).filter(pk__in=list(ids)).order_by("pk")
    record_ids = list(visible.values_list("pk", flat=True))
    return record_ids[:: max(len(record_ids) // count, 1)][:count]


def queries_of(user: Any, path: str) -> int:
    """Return the number of a page's queries with warm caches."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    client = Client()
    client.force_login(user)
    client.get(path, headers={"host": "localhost"})
    with CaptureQueriesContext(connection) as caught:
        client.get(path, headers={"host": "localhost"})
    return len(caught)


def records(run: Run) -> list[Result]:
    """Measure detail pages with their timeline."""
    asks, most, entity = {}, 0, registry.get("opportunities")
    for name, user in viewers().items():
        paths = [entity.url(pk) for pk in busy_records(user)]
        asks[name] = in_turn(run, user, paths)
        most = max(most, *(queries_of(user, path) for path in paths[:3]))
    return [
        *run.judged("PERF-4", asks, Budget(25, 60)),
        counted("PERF-4", "queries of the page", most, 25, "queries"),
    ]


def search(run: Run) -> list[Result]:
    """Measure search over all types, letter by letter, and with typos."""
    asks, limits = {}, {}
    for name, user in viewers().items():
        for what, texts, limit in (("as one types", TYPED, 60), ("with typos", MISSPELLED, 200)):
            asks[f"{name}, {what}"] = in_turn(run, user, [f"/search?q={text}" for text in texts], HX_Request="true")
            limits[f"{name}, {what}"] = Budget(p95=limit)
    return run.judged("PERF-5", asks, limits)  # type: ignore[arg-type]


def home(run: Run) -> list[Result]:
    """Measure the start page, which represents the dashboard: it contains all its figures and lists."""
    asks = {f"{name}, start page": run.page(user, "/") for name, user in viewers().items()}
    return run.judged("PERF-6", asks, Budget(p95=400), run.repeats // 2)


def board(run: Run) -> list[Result]:
    """Measure the board of opportunities."""
    lanes = Opportunity._meta.get_field("status").related_model.rows()  # type: ignore[union-attr]
    asks = {name: run.page(user, "/crm/opportunities/kanban/") for name, user in viewers().items()}
    results = run.judged("PERF-7", asks, Budget(p95=120), run.repeats // 2)
    return [*results, Result("PERF-7", f"{len([row for row in lanes if row.is_active])} active statuses in all lanes")]
