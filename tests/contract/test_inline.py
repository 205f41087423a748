"""One field is changed where it stands, in lists and on record pages, by the form's rules (LIST-4, FORM-2, FORM-3)."""

import re
from typing import Any

import pytest

from kanal.core import registry, writes
from kanal.core.access import FieldContext
from kanal.core.actor import Actor, ChangeSource
from kanal.core.cache import invalidate
from kanal.core.fields import fields_of
from kanal.core.models import CustomField, FieldRule
from kanal.kit.errors import Conflict
from kanal.web.lists.cell import editable_fields
from tests.contract.test_registry import ENTITIES
from tests.contract.test_rights import is_for_all
from tests.contract.test_writing import free_text, last_change
from tests.contract.values import made

SCRIPT = {"HX-Request": "true"}


def cell_url(entity: Any, pk: int, key: str, columns: str = "") -> str:
    """Return the address of one field of a record."""
    return f"/{entity.path}/data/{pk}/cell?field={key}" + (f"&columns={columns}" if columns else "")


def revision_in(answer: Any) -> str:
    """Return the revision that a cell's form sends along."""
    match = re.search(r'name="revision" value="(\d+)"', answer.content.decode())
    assert match, answer.content
    return match[1]


@ENTITIES
def test_a_text_is_changed_in_its_cell(world, browse, entity):
    """LIST-4, HIST-1: the form of the cell, the new content, the history with inline edit as means."""
    record, key = world.records[entity.key], free_text(entity)
    if key is None or key not in editable_fields(FieldContext(world.admin, entity)):
        return
    client, url = browse(), cell_url(entity, record.pk, key, f"id,{key}")
    form = client.get(url, headers=SCRIPT)
    assert form.status_code == 200, form.content
    answer = client.post(url, {key: "Changed here", "revision": revision_in(form)}, headers=SCRIPT)
    if answer.status_code == 409:
        assert "inline-error" in answer.content.decode()
        return
    assert answer.status_code == 200, answer.content
    assert f'<div data-field="{key}">' in answer.content.decode()
    assert "Changed here" in answer.content.decode()
    assert last_change(world, entity, record.pk, "inline").new.get(key, "Changed here") == "Changed here"
    on_page = client.post(cell_url(entity, record.pk, key), {key: "Again"}, headers=SCRIPT)
    assert "Again" in on_page.content.decode()


@ENTITIES
def test_every_editable_field_gives_its_control(world, browse, entity):
    """LIST-4: whatever the kind of field."""
    record = world.records[entity.key]
    for key in editable_fields(FieldContext(world.admin, entity)):
        answer = browse().get(cell_url(entity, record.pk, key), headers=SCRIPT)
        assert answer.status_code in (200, 403, 409), f"{key}: {answer.content!r}"
        if answer.status_code == 200:
            assert f'name="{key}' in answer.content.decode(), key


@ENTITIES
def test_who_may_not_change_a_record_can_not_do_so_in_a_cell(world, browse, entity):
    """ACC-7: strangers are told that there is none, readers that they may not."""
    record = world.records[entity.key]
    key = free_text(entity) or "id"
    for method in ("get", "post"):
        answer = getattr(browse("stranger"), method)(cell_url(entity, record.pk, key), headers=SCRIPT)
        assert answer.status_code in (403, 404) if is_for_all(entity) else answer.status_code == 404
        assert getattr(browse("read-only"), method)(cell_url(entity, record.pk, key)).status_code in (403, 404)
    assert browse().get(cell_url(entity, record.pk, "nothing"), headers=SCRIPT).status_code == 404


@ENTITIES
def test_a_field_that_a_rule_keeps_read_only_is_refused(world, browse, entity):
    """FORM-2: for a role in every status."""
    record, key = world.records[entity.key], free_text(entity)
    if key is None or key not in editable_fields(FieldContext(world.admin, entity)):
        return
    FieldRule.objects.create(entity=entity.key, field=key, mode="read_only")
    invalidate()
    url = cell_url(entity, record.pk, key)
    assert browse().get(url, headers=SCRIPT).status_code == 403
    assert browse().post(url, {key: "x"}, headers=SCRIPT).status_code == 403
    table = browse().get(f"{entity.list_url}?filter=&columns={entity.title},{key}").content.decode()
    assert f'data-column="{key}" data-edit' not in table


@pytest.mark.parametrize("kind", ["text", "integer", "money", "date", "boolean", "link", "percent"])
def test_custom_fields_are_changed_like_native_ones(world, browse, kind):
    """CF-3, LIST-4."""
    CustomField.objects.create(entity="ships", key="extra", name="Extra", kind=kind)
    invalidate()
    ship = world.records["ships"]
    entity = registry.get("ships")
    field = fields_of(entity)["custom.extra"]
    value = made(field, 3, world.find)
    sent = {"custom.extra": value["amount"], "custom.extra_currency": "EUR"} if kind == "money" else {field.key: value}
    answer = browse().post(cell_url(entity, ship.pk, "custom.extra", "custom.extra"), sent, headers=SCRIPT)
    assert answer.status_code == 200, answer.content
    ship.refresh_from_db()
    assert field.get(ship) not in (None, "")


def test_a_second_editor_of_the_same_field_is_told(world, browse):
    """FORM-3: what others did to other fields stays, of the same one it is told, and saving again replaces it."""
    entity, ship = registry.get("ships"), world.make(registry.get("ships"), masts=1, log="calm")
    url = cell_url(entity, ship.pk, "masts", "name,masts,log")
    old = revision_in(browse().get(url, headers=SCRIPT))
    other = Actor(world.admin, ChangeSource.FORM)
    writes.change(ship, {"log": "rough"}, by=other)
    answer = browse().post(url, {"masts": "2", "revision": old}, headers=SCRIPT)
    assert answer.status_code == 200
    assert "rough" in answer.content.decode()
    old = revision_in(browse().get(url, headers=SCRIPT))
    writes.change(ship, {"masts": 3}, by=other)
    answer = browse().post(url, {"masts": "4", "revision": old}, headers=SCRIPT)
    assert answer.status_code == 409
    assert "Somebody else changed this to: 3" in answer.content.decode()
    answer = browse().post(url, {"masts": "4", "revision": revision_in(answer)}, headers=SCRIPT)
    assert answer.status_code == 200
    ship.refresh_from_db()
    assert (ship.masts, ship.log) == (4, "rough")


def test_who_changes_the_field_after_a_conflict_about_others_is_not_overwritten(world, browse, monkeypatch):
    """FORM-3: a cell is stored once more at the revision of the conflict, so a change in between is told of as well."""
    entity, ship = registry.get("ships"), world.make(registry.get("ships"), masts=1, log="calm")
    url, other = cell_url(entity, ship.pk, "masts", "name,masts,log"), Actor(world.admin, ChangeSource.FORM)
    old, store, met = revision_in(browse().get(url, headers=SCRIPT)), writes.change, []
    store(ship, {"log": "rough"}, by=other)

    def overtaken(record, values, **named):
        try:
            return store(record, values, **named)
        except Conflict:
            if not met:
                store(ship, {"masts": 3}, by=other)
            met.append(named["expected"])
            raise

    monkeypatch.setattr(writes, "change", overtaken)
    answer = browse().post(url, {"masts": "2", "revision": old}, headers=SCRIPT)
    assert len(met) == 2
    assert answer.status_code == 409
    assert "Somebody else changed this to: 3" in answer.content.decode()
    answer = browse().post(url, {"masts": "2", "revision": revision_in(answer)}, headers=SCRIPT)
    assert answer.status_code == 200
    ship.refresh_from_db()
    assert (ship.masts, ship.log) == (2, "rough")


def test_a_wrong_value_says_why(world, browse):
    """LIST-4, FORM-1: what was typed stays."""
    ship = world.records["ships"]
    answer = browse().post(cell_url(registry.get("ships"), ship.pk, "masts"), {"masts": "many"}, headers=SCRIPT)
    assert answer.status_code == 422
    assert 'value="many"' in answer.content.decode()
    assert 'role="alert"' in answer.content.decode()
