"""PERF-0 to PERF-3: the floor, first pages, filtered and grouped pages, and the last page of a long list."""

from typing import Any

from bench.results import Budget, Result
from bench.run import Run, viewers
from kanal.core import registry
from kanal.core.listing import ListQuery
from kanal.core.listing.cursors import write_cursor
from kanal.core.listing.keyset import sort_keys
from kanal.core.listing.query import records_of
from kanal.entities.opportunities.models import Opportunity

COLUMNS = "name,account,status,value,expected_close_date,assignee,next_action_date,probability"
MANY = 5_000


def address(**given: str) -> str:
    """Return the URL of the list of opportunities with eight columns."""
    from urllib.parse import urlencode

    return f"{registry.get('opportunities').list_url}?{urlencode({'columns': COLUMNS, **given})}"


def floor(run: Run) -> list[Result]:
    """Measure the floor, and the same view behind all middleware for a signed-in user."""
    asks = {"the floor itself": run.page(None, "/bench/floor"),
            "the same, signed in": run.page(viewers()["director"], "/bench/signed-in")}  # fmt: skip
    return run.judged("PERF-0", asks, None)


def first_pages(run: Run) -> list[Result]:
    """Measure the first page for each viewer."""
    people = viewers()
    asks = {name: run.page(user, address()) for name, user in people.items()}
    asks |= {
        f"{name}, {key}": run.page(people[name], registry.get(key).list_url)
        for name in ("director", "seller") for key in ("leads", "accounts")
    }  # fmt: skip
    director, other = Budget(3, 4, in_floors=True), Budget(4, 6, in_floors=True)
    limits: Any = {name: director if name.startswith("director") else other for name in asks}
    return run.judged("PERF-1", asks, limits)


def hits_of(text: str) -> int:
    """Return the number of opportunities that a quick search matches."""
    return records_of(ListQuery(registry.get("opportunities"), text=text)).count()


def words() -> dict[str, str]:
    """Return a rare substring of names, a frequent one, and a two-letter prefix."""
    names = Opportunity.objects.order_by("pk").values_list("name", flat=True)[:200]
    parts = dict.fromkeys(name.split()[0][:length] for name in names for length in (8, 5, 4, 3))
    counted = {part: hits_of(part) for part in list(parts)[:24] if len(part) > 2}
    few = {part: count for part, count in counted.items() if 0 < count <= MANY} or counted
    many = {part: count for part, count in counted.items() if count > MANY} or counted
    return {"few": max(few, key=lambda part: few[part]), "many": max(many, key=lambda part: many[part]),
            "short": names[0][:2]}  # fmt: skip


def filtered(run: Run) -> list[Result]:
    """Measure a substring filter with totals by status, sorted by value."""
    people, chosen, asks, limits = viewers(), words(), {}, {}
    for text in chosen.values():
        hits = hits_of(text)
        for name in ("director", "seller"):
            what = f"{name}, “{text}”, {hits:,} hits, by value, grouped by status"
            asks[what] = run.page(people[name], address(q=text, sort="-value", group="status"))
            limits[what] = Budget(p95=100 if hits <= MANY else 400)
    return run.judged("PERF-2", asks, limits, run.repeats // 2)


def last_page(run: Run) -> list[Result]:
    """Measure the page 50 rows before the end against the first."""
    director, entity = viewers()["director"], registry.get("opportunities")
    ask = ListQuery(entity, user=director)
    row = Opportunity.objects.order_by("updated_at", "id").values("updated_at", "id")[100]
    assert len(sort_keys(ask.order, entity, ask.reader)) == 2
    cursor = write_cursor(entity, ask.order, [row["updated_at"], row["id"]], backwards=False)
    first, last = "first page", "50 rows before the end"
    asks = {first: run.page(director, address()), last: run.page(director, address(cursor=cursor))}
    results = run.judged("PERF-3", asks, None)
    ratio = round(results[1].median / results[0].median, 2)  # type: ignore[operator]
    return [*results, Result("PERF-3", f"last page / first page: {ratio}", "at most 1.3", ratio <= 1.3)]
