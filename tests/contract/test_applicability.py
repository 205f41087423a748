"""A custom field that is limited to projects, kinds of records or statuses is there on those records alone (CF-2)."""

import json
from html import unescape
from typing import Any

import pytest

from kanal.core import registry, writes
from kanal.core.actor import SYSTEM, Actor
from kanal.core.aggregation import Aggregation, Dimension, Measure, aggregate
from kanal.core.cache import invalidate
from kanal.core.fields import fields_of
from kanal.core.fields.registry import condition_fields
from kanal.core.listing.query import ListQuery
from kanal.core.models import CustomField
from kanal.kit.errors import Invalid
from tests.contract.test_field_context import Channels

LIMITED = [
    (entity, name)
    for entity in registry.all_entities()
    for name, field in condition_fields(entity).items()
    if entity.is_creatable and field.key != "id"
]
WITH_LIMIT = pytest.mark.parametrize(
    ("entity", "name"), LIMITED, ids=[f"{entity.key}-{name}" for entity, name in LIMITED]
)
RECORD_CHANNELS = ("page", "inline", "write")


def limit(entity: Any, kind: str = "text", **conditions: list) -> None:
    """Make a custom field that applies to some records."""
    CustomField.objects.update_or_create(
        entity=entity.key, key="extra", defaults={"name": "Zq extra", "kind": kind, "filterable": True,
                                                  "conditions": conditions},
    )  # fmt: skip
    invalidate()


@WITH_LIMIT
def test_a_limited_field_is_there_on_its_records_alone(world, browse, call, entity, name):
    """CF-2: page, inline edit, API, list and filter; a value from before is kept, and is back with the condition."""
    field = condition_fields(entity)[name]
    channels = Channels(world, browse, call, entity)
    here = channels.values[field.key]
    writes.change(channels.record, {"custom.extra": "Zqkept"}, by=SYSTEM)
    channels.values["custom.extra"], channels.keys = "Another", ["custom.extra"]
    limit(entity, **{name: [here]})
    assert set(channels.ask(*RECORD_CHANNELS)) == set(RECORD_CHANNELS)
    items = call("GET", f"/{entity.key}?filter=custom.extra:is(Another)")[1]["items"]
    assert [item["custom"]["extra"] for item in items] == ["Another"]
    limit(entity, **{name: [-1 if name == "projects" else "elsewhere"]})
    channels.values["custom.extra"] = "More"
    assert channels.ask(*RECORD_CHANNELS) == {}
    assert channels.read_values()["custom.extra"] is None
    assert call("GET", f"/{entity.key}?filter=custom.extra:is(Another)")[1]["items"] == []
    assert len(call("GET", f"/{entity.key}?filter=custom.extra:empty();id:is({channels.record.pk})")[1]["items"]) == 1
    assert "Another" not in channels.client.get(f"{entity.list_url}?filter=&columns=custom.extra").content.decode()
    limit(entity)
    assert channels.read_values()["custom.extra"] == "Another"


def test_what_is_given_decides_whether_a_field_applies(world):
    """A field of companies is taken together with that type, asked for there, and refused for people."""
    entity = registry.get("accounts")
    limit(entity, subtypes=["organization"])
    CustomField.objects.update(required=True)
    invalidate()
    by, account = Actor(world.admin), world.make(entity, type="organization", **{"custom.extra": "One"})
    with pytest.raises(Invalid) as problem:
        writes.change(account, {"custom.extra": ""}, by=by)
    assert set(problem.value.errors) == {"custom.extra"}
    person = {"type": "personal", "last_name": "Berg"}
    with pytest.raises(Invalid) as problem:
        writes.change(account, {**person, "custom.extra": "Two"}, by=by)
    assert problem.value.errors == {"custom.extra": ["This field doesn't apply here."]}
    writes.change(account, {**person, "custom.extra": "One"}, by=by)
    account.refresh_from_db()
    assert account.type.key == "personal"
    assert fields_of(entity)["custom.extra"].get(account) is None
    writes.create(entity, {**person, "custom.extra": ""}, by=by)
    with pytest.raises(Invalid) as problem:
        writes.create(entity, {"type": "organization", "organization": "Fjord"}, by=by)
    assert set(problem.value.errors) == {"custom.extra"}


def test_a_project_counts_with_its_subprojects(world):
    """CF-2: a condition on a project holds below it."""
    entity, projects = registry.get("leads"), registry.get("projects")
    upper = world.make(projects)
    lower = world.make(projects, parent=upper.pk)
    limit(entity, projects=[upper.pk])
    inside, outside = world.make(entity, project=lower.pk), world.make(entity)
    writes.change(inside, {"custom.extra": "Here"}, by=Actor(world.admin))
    with pytest.raises(Invalid):
        writes.change(outside, {"custom.extra": "Here"}, by=Actor(world.admin))


def test_the_form_says_for_which_choices_a_field_is_there(world, browse):
    """FORM-1: the page follows the type that is chosen in it; the server decides."""
    entity = registry.get("accounts")
    limit(entity, subtypes=["organization"])
    text = browse().get("/crm/accounts/new?type=personal").content.decode()
    assert json.dumps({"type": ["organization"]}) in unescape(text)


def test_the_settings_offer_what_a_type_can_be_limited_by(world, browse):
    """CF-2: Administration → Custom fields."""
    client = browse()
    text = client.get("/settings/custom-fields/new?entity=opportunities").content.decode()
    assert all(f'name="only_{name}"' in text for name in ("projects", "subtypes", "statuses"))
    assert 'name="only_projects"' not in client.get("/settings/custom-fields/new?entity=accounts").content.decode()
    data = {"name": "Score", "entity": "accounts", "kind": "text", "position": "1", "is_active": "true",
            "only_subtypes": ["organization"]}  # fmt: skip
    answer = client.post("/settings/custom-fields/new?entity=accounts", data)
    assert answer.status_code == 302, answer.content
    row = CustomField.objects.get(name="Score")
    assert row.conditions == {"subtypes": ["organization"]}
    assert 'value="organization" selected' in client.get(f"/settings/custom-fields/{row.pk}/edit").content.decode()


def test_a_value_from_before_counts_in_no_order_group_or_total(world, call):
    """CF-2, LIST-4: where a field no longer applies it holds nothing, so it is sorted last and adds to nothing."""
    entity, extra = registry.get("leads"), "custom.extra"
    limit(entity, "integer")
    low, high = (world.make(entity, **{extra: number}) for number in (1, 50))
    limit(entity, "integer", statuses=[low.status.key])
    writes.change(high, {"status": "touched"}, by=Actor(world.admin))
    ids = [item["id"] for item in call("GET", f"/leads?filter=&sort=-{extra}")[1]["items"]]
    assert ids[0] == low.pk
    assert ids.index(high.pk) > 0
    measures = Measure("sum", extra), Measure("maximum", extra), Measure("distinct", extra)
    rows = ListQuery(entity, world.admin)
    assert [aggregate(Aggregation(rows, measures)).whole.values[each].number for each in measures] == [1, 1, 1]
    groups = aggregate(Aggregation(rows, (), (Dimension(extra),))).by_key()
    assert {key: group.count for key, group in groups.items() if key} == {"1": 1}


@pytest.mark.parametrize("key", ["leads", "opportunities", "quotes"])
def test_a_copy_leaves_out_what_does_not_apply_to_it(world, call, key):
    """CF-2: a copy begins at the first status, where a value of the copied record may not apply."""
    entity = registry.get(key)
    limit(entity)
    record = world.make(entity, **{"custom.extra": "Kept"})
    limit(entity, statuses=["elsewhere"])
    body = {"name": "Copy", "project": record.project_id} if key == "opportunities" else {}
    status, answer = call("POST", f"/{key}/{record.pk}/{'duplicate' if key == 'quotes' else 'copy'}", body)[:2]
    assert status == 200, answer
    record.refresh_from_db()
    assert record.custom["extra"] == "Kept"
