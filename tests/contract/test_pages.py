"""The pages of every type answer, by a number of queries that is bounded and does not grow with the records."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kanal.core import registry
from tests.contract.test_registry import ENTITIES
from tests.contract.values import TYPES

BOARDS = [entity for entity in registry.all_entities() if entity.has_board]
GROWING = {("splitter-filters", "list")}  # a page of the room's own: two queries for each of a few filters
FEW, MANY = 2, 9
LIMITS = {"list": 20, "board": 30, "detail": 30, "edit": 30, "history": 30, "overview": 20}


def pages_of(entity: Any, pk: int) -> dict[str, str]:
    """Return the addresses of a type's pages by name."""
    urls = {"list": entity.list_url, "detail": entity.url(pk), "edit": f"{entity.url(pk)}edit"}
    if entity.has_history:
        urls["history"] = f"{entity.url(pk)}history"
    if entity.has_overview:
        urls["overview"] = entity.home
    if entity.is_creatable:
        urls["new"] = f"/{entity.path}/new{TYPES[entity.key].query}"
    if entity in BOARDS:
        urls["board"] = f"/{entity.path}/kanban/"
    return urls


def opened(client: Any, url: str) -> int:
    """Open a page a second time, when all that is cached is there; return the number of queries."""
    client.get(url)
    with CaptureQueriesContext(connection) as queries:
        response = client.get(url)
    assert response.status_code == 200, f"{url}: {response.status_code}"
    assert b"Traceback" not in response.content
    assert b"<title>" in response.content
    return len(queries)


@ENTITIES
def test_pages_answer_by_few_queries(world, browse, entity):
    """PERF-4 and house rule: each page answers; the number of queries is bounded."""
    record = world.records[entity.key]
    for name, url in pages_of(entity, record.pk).items():
        number = opened(browse(), url)
        assert number <= LIMITS.get(name, 30), f"{name}: {number} queries"


@ENTITIES
def test_the_queries_do_not_grow_with_the_records(world, browse, entity):
    """House rule: no N+1 on list and board."""
    urls = {name: url for name, url in pages_of(entity, 0).items() if name in ("list", "board", "overview")}
    fill(world, entity, FEW)
    few = {name: opened(browse(), url) for name, url in urls.items()}
    fill(world, entity, MANY)
    many = {name: opened(browse(), url) for name, url in urls.items()}
    for name, number in many.items():
        if (entity.key, name) in GROWING:
            continue
        # One more is the total below a list, and the count of those that do not fit the page.
        assert number <= few[name] + 1, f"{name}: {few[name]} queries with {FEW} records, {number} with {MANY}"


def fill(world: Any, entity: Any, number: int) -> None:
    """Make records until there are so many."""
    while entity.model._default_manager.count() < number:
        world.make(entity)


@pytest.mark.parametrize("key", ["accounts", "opportunities", "projects"])
def test_the_queries_of_a_detail_page_do_not_grow(world, browse, call: Callable, key):
    """PERF-4: comments, changes and what hangs on a record cost the same number of queries, few or many."""
    entity = registry.get(key)
    record = world.records[key]
    url = f"/{key}/{record.pk}"
    counts = []
    for number in (2, 10):
        for step in range(number):
            assert call("POST", f"{url}/comments", {"text": f"Comment {step}"})[0] == 201
            for child in registry.all_entities():
                column = child.scope.parent
                if column and child.model._meta.get_field(column).related_model is entity.model:
                    world.make(child)
        counts.append(opened(browse(), entity.url(record.pk)))
    assert counts[0] == counts[1]
