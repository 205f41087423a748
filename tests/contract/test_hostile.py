"""Hostile input at pages and API: a clear answer, never a fault of our own."""

from urllib.parse import quote

import pytest

from kanal.core import registry
from tests.contract.test_registry import ENTITIES
from tests.urls.addresses import pages

HUGE = 2**63
QUERIES = {
    "a million characters": "filter=" + "a" * 1_000_000,
    "deep brackets": "filter=" + "(" * 10_000,
    "deep negations": "filter=" + "!" * 10_000 + "id:is(1)",
    "half a filter": "filter=name:is(",
    "an unknown operator": "filter=id:like(1)",
    "NUL in a value": "filter=id:is(%00)",
    "NUL in the search": "q=%00",
    "a million letters to search": "q=" + "b" * 100_000,
    "bytes that are no text": "q=%ff%fe",
    "quotes": "q=" + quote("'\";--<script>"),
    "a hidden sort": "sort=password",
    "a sort by nothing": "sort=-,,,-",
    "a sort through relations": "sort=created_by__password",
    "hidden columns": "columns=password,owner_ids",
    "a hidden group": "group=password",
    "a foreign cursor": "cursor=eyJhIjoxfQ",
    "a cursor that is none": "cursor=%00%ff",
    "a huge id": f"filter=id:is({HUGE})",
    "a huge size": "limit=999999999999",
    "a saved filter that is not there": f"saved={HUGE}",
    "a money that is none": "filter=created_at:within(last,999999999,years)",
    "a period of nothing": "filter=created_at:within()",
}
BODIES = [
    ("application/json", b"{"),
    ("application/json", b"[" * 100_000),
    ("text/plain", b"\x00\xff"),
    ("multipart/form-data; boundary=x", b"--x\r\nbroken"),
    ("multipart/form-data", b"no boundary"),
    ("application/x-www-form-urlencoded", b"a=%00&revision=999999999999999999999&original=[[[["),
]


@ENTITIES
def test_hostile_queries_on_each_list(world, browse, entity):
    """Two of them on the list of each type; all of them on those of one type below."""
    for name in ("a hidden sort", "a foreign cursor"):
        check(browse(), f"{entity.list_url}?{QUERIES[name]}")


@pytest.mark.parametrize("name", QUERIES)
@pytest.mark.parametrize("place", ["data/", "kanban/", "data/export.csv", "data/filter", "data/columns", "new"])
def test_hostile_queries(world, browse, place, name):
    """All of them on the pages of one type."""
    check(browse(), f"/fakes/ships/{place.removeprefix('data/') if place == 'data/' else place}?{QUERIES[name]}")


@pytest.mark.parametrize("name", QUERIES)
def test_hostile_queries_by_api_and_search(world, browse, call, name):
    """All of them by API, in the picker and in the search."""
    for url in ("/pick/ships", "/search"):
        check(browse(), f"{url}?{QUERIES[name]}")
    assert call("GET", f"/ships?{QUERIES[name]}")[0] in (200, 422)


@pytest.mark.parametrize(("kind", "body"), BODIES)
def test_hostile_bodies(world, browse, kind, body):
    """Wrong content types and broken bodies, at every kind of form."""
    record = world.records["ships"]
    for end in ("edit", "rename", "compose", "files", "delete"):
        check(browse(), f"/fakes/ships/{record.pk}/{end}", kind, body)
    for url in ("/fakes/ships/new", "/fakes/ships/kanban/move", "/fakes/ships/data/filter", "/fakes/ships/import"):
        check(browse(), url, kind, body)


def test_ids_that_can_not_be(world, browse, call):
    """A huge id is not found, on any page (of the generic ones those of one type) and in no operation."""
    generic = tuple(f"{entity.key}-" for entity in registry.all_entities() if entity.key != "ships")
    for page in pages():
        if "<int:pk>" in page.route and not page.name.startswith((*generic, "project-")):
            check(browse(), page.filled(pk=HUGE, identifier="none", slug="none", verb="edit"))
    for entity in registry.all_entities():
        assert call("GET", f"/{entity.key}/{HUGE}")[0] in (404, 422)
    for pk in (0, HUGE * 10**30):
        for end in ("", "edit", "history", "delete", "compose"):
            check(browse(), f"/fakes/ships/{pk}/{end}")
        assert call("GET", f"/ships/{pk}")[0] in (404, 422)


def check(client, url, kind=None, body=b""):
    """Ask for a page, or send something there: the answer is one of ours."""
    response = client.post(url, body, content_type=kind) if kind else client.get(url)
    assert response.status_code < 500, f"{url[:200]}: {response.status_code}"
