"""A custom field of each kind, on each type: no page and no operation knows the difference (CF-1…4)."""

import json
from typing import Any
from urllib.parse import quote

import pytest

from kanal.core import registry
from kanal.core.cache import invalidate
from kanal.core.fields import fields_of
from kanal.core.fields.type_registry import custom_field_types
from kanal.core.models import CustomField
from tests.contract.forms import send_form, wrong_in
from tests.contract.test_registry import ENTITIES
from tests.contract.values import made

OPTIONS = [{"key": "red", "label": "Red"}, {"key": "blue", "label": "Blue"}]

OWN_FORMS = {"splitter-filters"}  # the room's own form has no controls for custom fields


@pytest.fixture
def values(world: Any, entity: Any) -> dict[str, Any]:
    """Put a field of each kind on a type; return a valid value of each by the fields' names."""
    for kind in custom_field_types():
        chosen = OPTIONS if kind in ("choice", "choices") else []
        CustomField.objects.create(
            entity=entity.key, key=f"my_{kind}", name=f"My {kind}", kind=kind, choices=chosen, filterable=True
        )
    invalidate()
    fields = [field for field in fields_of(entity).values() if field.is_custom]
    return {field.name: made(field, 7, world.find) for field in fields}


@ENTITIES
def test_custom_fields_are_like_any_other(world, browse, call, entity, values):
    """CF-1…3: form, detail, list column, filter, sort, API and export hold them."""
    record = world.records[entity.key]
    typed = {f"custom.{name}": value for name, value in values.items()}
    if entity.key in OWN_FORMS:
        assert call("PATCH", f"/{entity.key}/{record.pk}", {"custom": values})[0] == 200
    else:
        response = send_form(browse(), f"{entity.url(record.pk)}edit", entity, typed)
        assert response.status_code == 302, wrong_in(response)
    status, data = call("GET", f"/{entity.key}/{record.pk}")
    assert status == 200
    assert data["custom"] == values
    assert b"My money" in browse().get(entity.url(record.pk)).content
    check_list(browse(), call, entity, record, typed)
    if entity.has_history:
        check_history(call, entity, record)


def check_list(client: Any, call: Any, entity: Any, record: Any, typed: dict[str, Any]) -> None:
    """Look for the fields in the list's columns, in the export, and in filters and sorts of the API."""
    columns = ",".join(typed)
    here = quote(f"id:is({record.pk})")
    page = client.get(f"{entity.list_url}?columns={columns}&filter={here}")
    assert page.status_code == 200
    if "shown" in page.context:
        assert not page.context["shown"].problem
        assert "record7@kanal.example" in page.content.decode()
    export = client.get(f"/{entity.path}/data/export.csv?columns={columns}&filter={here}")
    if entity.is_exportable:
        assert b"record7@kanal.example" in b"".join(export.streaming_content), export.status_code
    tests = ["custom.my_text:contains(7)", "custom.my_integer:gt(1)", "custom.my_choice:any(red)"]
    tests += ["custom.my_date:on(2026-04-01)", "custom.my_boolean:is(true)", "custom.my_money:gt(1)"]
    tests += [f"custom.my_user:any({typed['custom.my_user']})", "custom.my_choices:any(red)", f"id:is({record.pk})"]
    for key in ("custom.my_integer", "-custom.my_date", "custom.my_text"):
        status, data = call("GET", f"/{entity.key}?filter={quote(';'.join(tests))}&sort={key}")
        assert (status, [item["id"] for item in data["items"]]) == (200, [record.pk]), json.dumps(data)[:500]


def check_history(call: Any, entity: Any, record: Any) -> None:
    """HIST-1: the change of custom fields is in the history, field by field."""
    entry = call("GET", f"/{entity.key}/{record.pk}/history")[1]["items"][0]
    fields = {change["field"] for change in entry["changes"]}
    assert {"custom.my_text", "custom.my_money"} <= fields or "custom" in fields, fields


def test_an_inactive_custom_field_is_nowhere(world, call):
    """CF-4: a field that was switched off is no field."""
    CustomField.objects.create(entity="ships", key="old", name="Old", kind="text", is_active=False)
    invalidate()
    assert "custom.old" not in fields_of(registry.get("ships"))
    status, _data = call("PATCH", f"/ships/{world.records['ships'].pk}", {"custom": {"old": "x"}})
    assert status == 422
