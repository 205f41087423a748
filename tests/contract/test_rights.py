"""Who may not see a record finds it nowhere, and who may only read changes nothing (ACC-1…8, SEC-1)."""

from collections.abc import Iterator
from typing import Any

import pytest

from kanal.core import access, registry
from kanal.core.entity import Entity
from kanal.core.fields import fields_of
from kanal.core.models import Change
from kanal.features.comments.models import Comment
from kanal.features.files.models import File
from tests.contract.test_registry import ENTITIES
from tests.urls.addresses import operations, pages

NAME = "Zanzibar"


def pages_of_one(entity: Entity, pk: int) -> list[str]:
    """List the addresses of all pages of one record, each verb among them."""
    urls = []
    for page in pages():
        if page.route.startswith(f"{entity.path}/") and "<int:pk>" in page.route:
            verbs = [action.verb for action in registry.actions(entity)] if "<slug:verb>" in page.route else [""]
            urls += [page.filled(pk=pk, verb=verb) for verb in verbs]
    return urls


def operations_of_one(entity: Entity, pk: int) -> list[tuple[str, str]]:
    """List the operations on one record: (method, path)."""
    base = f"/{entity.key}/{{pk}}"
    return [
        (method, path.replace("{pk}", str(pk)))
        for method, path in operations()
        if path == base or path.startswith(f"{base}/")
    ]


def places_of_many(entity: Entity) -> list[str]:
    """List where the names of many records are shown."""
    urls = [entity.list_url, f"{entity.list_url}?q={NAME}", f"/{entity.path}/data/export.csv?q={NAME}"]
    urls += [f"/pick/{entity.key}?q={NAME}", f"/search?q={NAME}"]
    if entity.has_overview:
        urls.append(entity.home)
    if entity.has_board:
        urls.append(f"/{entity.path}/kanban/?q={NAME}")
    return urls


def root(entity: Entity) -> Entity:
    """Return the type with whose records alone the type's are seen, or the type itself."""
    if not entity.scope.parent:
        return entity
    parent = registry.of(entity.model._meta.get_field(entity.scope.parent).related_model)
    assert parent is not None
    return root(parent)


def is_for_all(entity: Entity) -> bool:
    """Return whether everybody who may see the type sees all of its records: it has no owners, or is open by rule."""
    return not hasattr(root(entity).model, "owner_ids") or bool(root(entity).scope.also)


def content(response: Any) -> bytes:
    """Return what was answered, a stream put together."""
    return b"".join(response.streaming_content) if response.streaming else response.content


def named(world: Any, entity: Entity, **values: Any) -> Any:
    """Make a record whose name can be looked for; None where a type has no name to give."""
    title = fields_of(entity).get(entity.title)
    if title is None or title.read_only or title.type.category != "text":
        return None
    return world.make(entity, **{entity.title: NAME, **values})


@pytest.fixture
def their_records(lasting_world: Any, world: Any) -> Iterator[dict[str, Any]]:
    """Return a second set of records, of another partner; made when asked for."""
    ours, begun = world.records, world.begun
    partner = world.make(registry.get("partners"), name="Theirs")
    world.records, world.begun = {"users": world.admin, "partners": partner}, set()
    yield world
    world.records, world.begun = ours, begun


def refused_to_add(entity):
    """Return the status by which records are not made: there is no such operation for what verbs alone make."""
    return 403 if entity.is_made_from_outside else 405


@ENTITIES
def test_without_a_role_nothing_is_found(world, browse, call, entity):
    """ACC-1, ACC-7: no page, no operation, no name anywhere."""
    user = world.users["stranger"]
    record = world.records[entity.key]
    if access.visible_to(user, entity).filter(pk=record.pk).exists():
        assert entity.scope.also, "seen by somebody without any role"
        return
    check_hidden(world, browse, call, entity, record, "stranger")
    assert browse("stranger").get(f"/{entity.path}/data/filter").status_code == 403
    status, _data = call("POST", f"/{entity.key}", world.values(entity), user="stranger")
    assert status == refused_to_add(entity)


@ENTITIES
def test_what_belongs_to_others_is_found_nowhere(world, browse, call, entity):
    """ACC-3, ACC-7: with visibility “own” another's record is not there, on any page and in any operation."""
    if is_for_all(entity):
        return
    check_hidden(world, browse, call, entity, world.records[entity.key], "owner")
    if named(world, entity) is not None:
        check_nameless(browse("owner"), entity)


@ENTITIES
def test_partner_users_find_nothing_of_other_partners(browse, call, their_records, entity):
    """ACC-8: whatever their role says."""
    world = their_records
    record = world.find(entity.key)
    if root(entity).scope.also or entity.key == "users":
        return
    check_hidden(world, browse, call, entity, record, "partner")


def check_hidden(world: Any, browse: Any, call: Any, entity: Entity, record: Any, user: str) -> None:
    """Look for a record on all of its pages and by all of its operations; nothing may answer, nothing may change."""
    record.refresh_from_db()
    before = record.revision
    for url in pages_of_one(entity, record.pk):
        for method in ("get", "post"):
            status = getattr(browse(user), method)(url).status_code
            assert status in (404, 405), f"{method} {url}: {status}"
    for method, path in operations_of_one(entity, record.pk):
        status, data = call(method, path, body_for(path) if method != "GET" else None, user=user)
        assert status == 404, f"{method} {path}: {status} {data}"
    status, data = call("GET", f"/{entity.key}?filter=id:is({record.pk})", user=user)
    assert status == 403 or (status, data["items"]) == (200, [])
    status, data = call("PATCH", f"/{entity.key}/bulk", {"items": [{"id": record.pk}], "mode": "each"}, user=user)
    assert status == 403 or data["items"][0]["status"] == 404
    move = browse(user).post(f"/{entity.path}/kanban/move", {"record": record.pk, "value": ""})
    assert move.status_code in (404, 403)
    record.refresh_from_db()
    assert record.revision == before


def body_for(path: str) -> dict[str, str]:
    """Return a body that an operation could take."""
    return {"text": "x"} if path.endswith("/comments") else {}


def check_nameless(client: Any, entity: Entity) -> None:
    """Look for the name wherever names are shown."""
    for url in places_of_many(entity):
        response = client.get(url)
        text = content(response).decode().replace(f"q={NAME}", "").replace(f'value="{NAME}"', "")
        assert response.status_code in (200, 302, 403, 404), f"{url}: {response.status_code}"
        assert f">{NAME}" not in text, url
        assert f'"{NAME}"' not in text, url
        assert f"\n{NAME}" not in text, url


@ENTITIES
def test_who_may_see_a_record_finds_it(world, browse, entity):
    """The counterpart: an administrator finds the name in the list, in the picker and in the export."""
    if named(world, entity) is None or not entity.model._default_manager.filter(**{entity.title: NAME}).exists():
        return
    for url in (f"{entity.list_url}?q={NAME}&filter=", f"/pick/{entity.key}?q={NAME}"):
        if entity.listing.search:
            text = content(browse().get(url)).decode().replace(f'value="{NAME}"', "")
            assert NAME in text.replace(f"q={NAME}", ""), url


@ENTITIES
def test_who_may_only_read_changes_nothing(world, browse, call, entity):
    """ACC-2, ACC-7: with the read-only role every page is seen and no form or operation writes."""
    user, record = world.users["read-only"], world.records[entity.key]
    if not access.has_permission(user, entity, "view", record):
        return
    values = world.values(entity)
    before = Change.objects.count(), Comment.objects.count(), File.objects.count()
    client, free = browse("read-only"), verbs_of_readers(entity)
    assert client.get(entity.url(record.pk)).status_code == 200
    for url in pages_of_one(entity, record.pk):
        if url.rsplit("/", 1)[-1] in free:
            continue
        status = client.post(url, {"text": "x"}).status_code
        assert status in (200, 302, 403, 404, 405, 409, 422), f"{url}: {status}"
    for method, path in operations_of_one(entity, record.pk):
        if method != "GET" and path.rsplit("/", 1)[-1] not in free:
            status, data = call(method, path, body_for(path), user="read-only")
            assert status in (403, 404), f"{method} {path}: {status} {data}"
    assert call("POST", f"/{entity.key}", values, user="read-only")[0] == refused_to_add(entity)
    assert (Change.objects.count(), Comment.objects.count(), File.objects.count()) == before


def verbs_of_readers(entity: Entity) -> set[str]:
    """Name the verbs that need no more than seeing (one's own list of favourites)."""
    return {action.verb for action in registry.actions(entity) if action.needs in ("view", "export")}
