"""A record is made, changed and deleted by form and by API with the same outcome; the history knows who and how."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import transaction

from kanal.core import access, registry, writes
from kanal.core.actor import Actor, ChangeSource
from kanal.core.cache import invalidate
from kanal.core.fields import field_of
from kanal.core.fields.registry import native_fields
from kanal.core.models import Change
from tests.contract.forms import FormOnPage, send_form, wrong_in
from tests.contract.test_registry import ENTITIES
from tests.contract.values import TYPES

NEW = [entity for entity in registry.all_entities() if entity.is_creatable]
RANDOM = ("id", "key")  # what differs from record to record: ids, and keys that are drawn
FIXED = ("number", "identifier", "vat_number", "language", "time_zone", "postal_code", "code")
WITH_NEW = pytest.mark.parametrize("entity", NEW, ids=[entity.key for entity in NEW])


@contextmanager
def undone(world: Any) -> Iterator[None]:
    """Undo what is done inside, so that the same can be tried by other means."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
    access.forget_permissions(world.admin)
    invalidate()


def shown(call: Callable, entity: Any, pk: int) -> dict[str, Any]:
    """Return a record as the API shows it, without what differs from record to record."""
    status, data = call("GET", f"/{entity.key}/{pk}")
    assert status == 200, data
    return {key: value for key, value in data.items() if key not in RANDOM}


def newest(entity: Any) -> int:
    """Return the id of the newest record."""
    return entity.model._default_manager.order_by("-pk").values_list("pk", flat=True)[0]


def last_change(world: Any, entity: Any, pk: int, means: str, kind: str = "u") -> Change:
    """Return the newest entry of a kind in a record's history, which is the administrator's by these means (HIST-1)."""
    row = Change.objects.filter(entity=entity.key, record_id=pk, kind=kind).order_by("pk").last()
    if not entity.has_history:
        return Change(old={}, new={})
    assert row is not None, "no history"
    assert (row.actor_id, row.means) == (world.admin.pk, means)
    return row


@pytest.fixture
def signed_in(clock: Any, browse: Callable) -> Any:
    """Return the administrator's browser, at a time that stands still."""
    return browse("administrator")


@WITH_NEW
def test_a_record_made_by_form_equals_one_made_by_api(world, signed_in, call, entity):
    """API-1, FORM-1: the same values give the same record; only means and id differ."""
    values = world.values(entity)
    with undone(world):
        response = send_form(signed_in, f"/{entity.path}/new{TYPES[entity.key].query}", entity, values)
        assert response.status_code == 302, wrong_in(response)
        pk = newest(entity)
        by_form = shown(call, entity, pk)
        last_change(world, entity, pk, "form", "c")
    with undone(world):
        status, made = call("POST", f"/{entity.key}", values)
        assert status == 201, made
        by_api = shown(call, entity, made["id"])
        last_change(world, entity, made["id"], "api", "c")
    assert by_form == by_api


@ENTITIES
def test_a_form_sent_as_it_came_changes_nothing(world, signed_in, entity):
    """FORM-1: what a form shows is what is stored."""
    record = world.records[entity.key]
    changes = Change.objects.filter(entity=entity.key, record_id=record.pk)
    before = changes.count()
    url = f"{entity.url(record.pk)}edit"
    response = signed_in.post(url, FormOnPage(signed_in.get(url).content).controls)
    assert response.status_code == 302, wrong_in(response)
    assert [(row.old, row.new) for row in changes.order_by("-pk")[: changes.count() - before]] == []


@ENTITIES
def test_a_change_by_form_equals_one_by_api(world, signed_in, call, entity):
    """API-1, FORM-1, HIST-1: the same change gives the same record; old and new are kept."""
    record = world.records[entity.key]
    present, other = shown(call, entity, record.pk), world.values(entity)
    changes = {key: value for key, value in other.items() if isinstance(value, str) and present.get(key) != value}
    with undone(world):
        response = send_form(signed_in, f"{entity.url(record.pk)}edit", entity, changes)
        assert response.status_code == 302, wrong_in(response)
        by_form = shown(call, entity, record.pk)
        if changes:
            row = last_change(world, entity, record.pk, "form")
            assert set(row.old) == set(row.new)
    with undone(world):
        status, data = call("PATCH", f"/{entity.key}/{record.pk}", changes)
        assert status == 200, data
        by_api = shown(call, entity, record.pk)
        if changes:
            last_change(world, entity, record.pk, "api")
    assert by_form == by_api
    whole = {key for key in changes if field_of(entity, key).day and by_api["all_day"]}  # no moment, but its day
    assert {key: by_api[key] for key in changes} == {**changes, **{key: changes[key][:10] for key in whole}}


@ENTITIES
def test_a_record_is_deleted_by_form_and_by_api(world, signed_in, call, entity):
    """The history keeps what was deleted, by whom and how; a refusal is the same by both."""
    record = world.make(entity)
    with undone(world):
        form = signed_in.post(f"{entity.url(record.pk)}delete").status_code
        if form == 302:
            last_change(world, entity, record.pk, "form", "d")
            assert signed_in.get(entity.url(record.pk)).status_code == 404
    with undone(world):
        api, data = call("DELETE", f"/{entity.key}/{record.pk}")
        if api == 204:
            last_change(world, entity, record.pk, "api", "d")
    expected = ((302, 204), (409, 409)) if entity.is_deletable else ((404, 405), (405, 405))
    assert (form, api) in expected, data


@ENTITIES
def test_a_bulk_change_is_kept_for_each_record(world, entity):
    """HIST-1: a change of many is in the history of each, with who, by what means, old and new."""
    key = free_text(entity)
    if key is None:
        return
    ids = [world.records[entity.key].pk, world.make(entity).pk]
    records = entity.model._default_manager.filter(pk__in=ids)
    outcome = writes.change_many(records, {key: "All of them"}, by=Actor(world.admin, ChangeSource.BULK))
    assert outcome.done == 2, outcome.refused
    for pk in ids:
        row = last_change(world, entity, pk, "bulk")
        assert row.new[key] == "All of them" != row.old[key]


def free_text(entity: Any) -> str | None:
    """Name a field that can hold any text, the same on several records; None where a type has none."""
    columns = {column.name: column for column in entity.model._meta.concrete_fields}
    texts = [
        field for field in native_fields(entity) if field.type.key in ("text", "long_text") and not field.read_only
    ]
    return next((field.key for field in texts if not columns[field.key].unique and field.key not in FIXED), None)


@WITH_NEW
def test_bulk_by_api(world, call, entity):
    """API-2: making several at once and changing them; the history names the API."""
    status, data = call("POST", f"/{entity.key}/bulk", {"items": [world.values(entity), world.values(entity)]})
    assert status == 200, data
    ids = [item["id"] for item in data["items"]]
    for pk in ids:
        last_change(world, entity, pk, "api", "c")
    assert call("PATCH", f"/{entity.key}/bulk", {"items": [{"id": pk} for pk in ids]})[0] == 200


@pytest.mark.parametrize(
    "entity",
    [record_type for record_type in registry.all_entities() if record_type.has_board],
    ids=lambda record_type: record_type.key,
)
def test_a_card_is_moved_by_the_rules_of_the_form(world, signed_in, entity):
    """KAN-1: a move is a change of the status with the board as means, or refused with a reason."""
    record = world.make(entity)
    field = field_of(entity, entity.listing.status)
    for option in field.options():
        if option.active and option.key != field.get(record):
            with undone(world):
                answer = signed_in.post(
                    f"/{entity.path}/kanban/move",
                    {"record": record.pk, "value": option.key},
                    headers={"HX-Request": "true"},
                )
                assert answer.status_code in (200, 409, 422), answer.content
                if answer.status_code == 200:
                    last_change(world, entity, record.pk, "board")
                else:
                    assert answer.content
