"""PERF-8 and PERF-9: creating and updating by form and API, reading by API, and the lead intake."""

import json
import time
from collections.abc import Callable
from itertools import count
from typing import Any
from urllib.parse import urlencode

from bench.floor import INSERT, table_for_inserts
from bench.intake import Pace, pace
from bench.results import Budget, Result, counted
from bench.run import Run, viewers
from kanal.core import access, registry

POSTS = 2000
LISTS, PER_LIST = 10, 500
CLIENTS = 4
SYLLABLES = ("ka", "lo", "mi", "ne", "ru", "ta", "vo", "si", "he", "du")
FORM = {"Content_Type": "application/x-www-form-urlencoded"}
JSON = {"Content_Type": "application/json"}


def values_of(number: int) -> dict[str, Any]:
    """Return the values of a new account."""
    return {
        "type": "organization",
        "organization": f"Bench {number} Ltd",
        "email": f"bench{number}@example.com",
        "city": "Bergen",
    }


def changing(run: Run) -> list[Result]:
    """Measure writes with all their side effects, and reads by API."""
    user, entity, numbers = viewers()["seller"], registry.get("accounts"), count(time.time_ns() // 1_000_000)
    mine = list(access.visible_to(user, entity, "edit").order_by("pk").values_list("pk", flat=True)[:200])
    browser, program, turn = run.client(user), run.program(user), iter(mine * 100)

    def form() -> Any:
        body = urlencode(values_of(next(numbers)) | {"csrfmiddlewaretoken": browser.headers["X-CSRFToken"]}).encode()
        return browser.ask("/crm/accounts/new", body, **FORM)

    def api() -> Any:
        return program.ask("/api/v1/accounts", json.dumps(values_of(next(numbers))).encode(), **JSON)

    def change() -> Any:
        body = json.dumps({"city": f"City {next(numbers)}"}).encode()
        return program.ask(f"/api/v1/accounts/{next(turn)}", body, "PATCH", **JSON)

    asks: dict[str, Callable[[], Any]] = {"create by form": form, "create by API": api, "change by API": change}
    results = run.judged("PERF-8", asks, Budget(p95=25))
    reads = {"API list of 100": lambda: program.ask("/api/v1/accounts?limit=100"),
             "API get": lambda: program.ask(f"/api/v1/accounts/{mine[0]}")}  # fmt: skip
    limits = {"API list of 100": Budget(p95=20), "API get": Budget(p95=10)}
    return results + run.judged("PERF-8", reads, limits)  # type: ignore[arg-type]


def key_of_source() -> str:
    """Return the URL key of an intake source created for the measurement."""
    from kanal.core import writes
    from kanal.core.actor import SYSTEM
    from kanal.entities.intake.models import IntakeSource
    from kanal.entities.projects.models import Project

    source = IntakeSource.objects.filter(name="Bench").first()
    project = Project.objects.exclude(parent=None).order_by("pk").first() or Project.objects.first()
    return str((source or writes.create(
        registry.get("intake-sources"), {"name": "Bench", "default_project": project.pk}, by=SYSTEM  # type: ignore[union-attr]
    )).key)  # fmt: skip


def company(number: int) -> str:
    """Return one of a thousand distinctive names. PERF-8's accounts are already similar to each other."""
    parts = (SYLLABLES[number // step % len(SYLLABLES)] for step in (1, 10, 100))
    return f"{''.join(parts)} {SYLLABLES[number * 7 % len(SYLLABLES)]}dam Ltd".title()


def lead(number: int, name: str = "") -> dict[str, str]:
    """Return a lead as posted by a form."""
    return {"first_name": "Ada", "last_name": f"Bench {number}", "email": f"ada{number}@bench{number % 997}.example",
            "company": name or company(number), "phone": f"+47 22{number % 1_000_000:06d}"}  # fmt: skip


def names_of_accounts() -> list[str]:
    """Return some account names of the data set. Built from few words, they resemble thousands of others."""
    accounts = registry.get("accounts").model._default_manager
    return list(accounts.filter(pk__lte=200_000).order_by("pk").values_list("name", flat=True)[:100_000:1000])


def told(pace: Pace) -> str:
    """Return the share of a core used by the client, which the server lacked."""
    return f"the client took {pace.client:.0%} of a core"


def intake(run: Run) -> list[Result]:
    """Measure how fast posts are stored, and how fast one worker converts them to leads."""
    from kanal.entities.intake.pipeline import process_batch

    path, start = f"/api/v1/intake/{key_of_source()}", time.time_ns() // 1_000_000 % 10**9
    single = [json.dumps(lead(start + place)).encode() for place in range(POSTS)]
    lists = [
        json.dumps([lead(start + POSTS + PER_LIST * index + place) for place in range(PER_LIST)]).encode()
        for index in range(LISTS)
    ]
    while process_batch():
        continue
    with table_for_inserts():
        bare = pace(run.base, INSERT, single, CLIENTS)
    stored = pace(run.base, path, single, CLIENTS)
    results = [
        Result("PERF-9", f"a bare view that inserts one row: {bare.per_second:,.0f} posts/s ({told(bare)})"),
        counted(
            "PERF-9", f"posts stored one by one ({told(stored)})", stored.per_second, 400, "posts/s", at_least=True
        ),
    ]
    results.append(counted("PERF-9", "one worker makes leads", worked_off(), 150, "leads/s", at_least=True))
    speed = pace(run.base, path, lists, CLIENTS).per_second * PER_LIST
    results.insert(2, counted("PERF-9", "leads stored in lists", speed, 5_000, "leads/s", at_least=True))
    while process_batch():
        continue
    known = [json.dumps([lead(start - place, name) for place, name in enumerate(names_of_accounts(), 1)]).encode()]
    pace(run.base, path, known, 1)
    results.append(Result("PERF-9", f"one worker, companies called like thousands: {worked_off():,.0f} leads/s"))
    return results


def worked_off() -> float:
    """Process all waiting jobs. Return the leads per second."""
    from kanal.entities.intake.pipeline import process_batch

    began, done = time.perf_counter(), 0
    while more := process_batch():
        done += more
    return done / (time.perf_counter() - began)
