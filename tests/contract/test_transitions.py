"""A status that an action alone reaches, or leaves, comes by no other way (SOLD-1, OPP-5, LEAD-6, CAMP-4)."""

from typing import Any

import pytest

from kanal.core import registry, writes
from kanal.core.actor import Actor, ChangeSource
from kanal.core.transitions import actions_of, kinds_of, needed_action, status_field, without_unreachable
from kanal.features.importing.models import Import, Refusal
from kanal.features.importing.runner import run_all
from kanal.kit.errors import ActionNeeded
from kanal.web.lists.views import tools_url
from tests.contract.world import fixed_of

GUARDED = [entity for entity in registry.all_entities() if actions_of(entity)]
EACH = pytest.mark.parametrize("entity", GUARDED, ids=[entity.key for entity in GUARDED])
SCRIPT = {"HX-Request": "true"}


def test_the_types_with_such_a_status_are_known():
    """The registry's keys are asserted, so that nothing is skipped in silence."""
    assert {entity.key for entity in GUARDED} == {"leads", "opportunities", "campaigns"}
    reached = {
        (entity.key, action.verb): (action.reaches, action.leaves)
        for entity in GUARDED
        for action in actions_of(entity)
    }
    assert reached == {
        ("leads", "qualify"): (("qualified",), ()),
        ("leads", "disqualify"): (("disqualified",), ()),
        ("leads", "reopen"): ((), ("qualified", "disqualified")),
        ("opportunities", "lost"): (("lost",), ()),
        ("opportunities", "sold"): (("won",), ()),
        ("opportunities", "reopen"): ((), ("won", "lost")),
        ("campaigns", "archive"): (("archived",), ()),
        ("campaigns", "unarchive"): ((), ("archived",)),
    }


def targets_of(entity: Any) -> list[tuple[str, str]]:
    """Return each status that an action reaches from the world's record, with the action's verb."""
    field = status_field(entity)
    kinds = kinds_of(field)
    keys_by_kind = {kind: key for key, kind in reversed(kinds.items())}
    return [(keys_by_kind[kind], action.verb) for action in actions_of(entity) for kind in action.reaches]


def status_now(entity: Any, pk: int) -> str:
    """Return a record's status as it is stored."""
    return status_field(entity).get(entity.model.objects.get(pk=pk))


@EACH
def test_the_api_answers_409_and_names_the_action(world, call, entity):
    """One record, several, a new one, several new ones: each names the verb with its address."""
    pk, before = world.records[entity.key].pk, status_now(entity, world.records[entity.key].pk)
    for key, verb in targets_of(entity):
        path = f"/{entity.key}/{pk}"
        status, problem = call("PATCH", path, {"status": key})
        assert (status, problem["action"]["verb"], problem["action"]["url"]) == (409, verb, f"/api/v1{path}/{verb}")
        for mode, expected in (("each", 200), ("all", 422)):
            status, problem = call("PATCH", f"/{entity.key}/bulk", {"mode": mode, "items": [{"id": pk, "status": key}]})
            assert status == expected
            if mode == "each":
                assert problem["items"][0]["status"] == 409
                assert problem["items"][0]["errors"][0]["action"]["verb"] == verb
        new = {**fixed_of(entity, world.find), **world.values(entity), "status": key}
        number = entity.model.objects.count()
        status, problem = call("POST", f"/{entity.key}", new)
        assert (status, problem["action"]["verb"], problem["action"]["url"]) == (409, verb, None)
        status, problem = call("POST", f"/{entity.key}/bulk", {"mode": "each", "items": [new, new, new]})
        assert [item["status"] for item in problem["items"]] == [409, 409, 409]
        assert entity.model.objects.count() == number
    assert status_now(entity, pk) == before


@EACH
def test_the_board_leads_to_the_action_and_changes_nothing(world, browse, entity):
    """KAN-1: a card that is dropped there opens the action's page or dialog; who may not do it is told so."""
    pk, before = world.records[entity.key].pk, status_now(entity, world.records[entity.key].pk)
    for key, verb in targets_of(entity):
        dropped = {"record": str(pk), "value": key}
        answer = browse().post(f"/{entity.path}/kanban/move", dropped, headers=SCRIPT)
        assert answer.status_code == 409
        payload = answer.json()
        assert payload["url"].endswith(f"/{verb}")
        assert payload["status"] == key
        opened = browse().get(payload["url"], {"status": key, "next": f"/{entity.path}/kanban/"}, headers=SCRIPT)
        assert opened.status_code == 200
        assert browse("stranger").post(f"/{entity.path}/kanban/move", dropped).status_code in (403, 404)
    assert status_now(entity, pk) == before


@EACH
def test_neither_a_form_nor_a_cell_offers_or_takes_it(world, browse, entity):
    """FORM, LIST-4: what is posted all the same is refused with the action's name."""
    record = world.records[entity.key]
    before = status_now(entity, record.pk)
    for key, verb in targets_of(entity):
        label = str(registry.action(entity, verb).label)
        for url in (
            f"/{entity.path}/new", f"/{entity.path}/{record.pk}/edit",
            f"/{entity.path}/data/{record.pk}/cell?field=status",
        ):  # fmt: skip
            page = browse().get(url, headers=SCRIPT)
            assert page.status_code == 200, url
            assert f'<option value="{key}"' not in page.content.decode(), url
            typed = {**as_typed(world, entity, record), "status": key}
            answer = browse().post(url, typed, headers=SCRIPT)
            assert answer.status_code in (200, 409, 422)
            assert "HX-Redirect" not in answer.headers
            assert label in answer.content.decode(), url
    assert status_now(entity, record.pk) == before


def as_typed(world: Any, entity: Any, record: Any) -> dict[str, Any]:
    """Return the values of a new record as controls hold them."""
    values = {**fixed_of(entity, world.find), **world.values(entity, full=False)}
    return {key: value for key, value in values.items() if not isinstance(value, dict | list)}


@EACH
def test_bulk_edit_leaves_such_rows_and_names_them(world, browse, entity):
    """LIST-5."""
    record = world.records[entity.key]
    before = status_now(entity, record.pk)
    for key, verb in targets_of(entity):
        typed = {"ids": [record.pk], "field": "status", "status": key}
        answer = browse().post(f"{tools_url(entity)}bulk-edit", typed, follow=True)
        assert answer.status_code == 200
        assert f"#{record.pk}: " in answer.content.decode()
        assert str(registry.action(entity, verb).label) in answer.content.decode()
    assert status_now(entity, record.pk) == before


@EACH
def test_an_import_refuses_the_row_with_the_reason(world, entity):
    """IMP-1: a row that changes a record, and one that would make a closed one."""
    record = world.records[entity.key]
    before, number = status_now(entity, record.pk), entity.model.objects.count()
    for key, verb in targets_of(entity):
        run = Import.objects.create(
            entity=entity.key, name="a.csv", match="id", user=world.admin, mapping={"Id": "id", "Status": "status"},
            content=f"Id,Status\n{record.pk},{key}\n,{key}\n".encode(),
        )  # fmt: skip
        run_all(run)
        assert (run.created, run.updated, run.done) == (0, 0, 2)
        reasons = list(Refusal.objects.filter(run=run).values_list("reason", flat=True))
        assert str(registry.action(entity, verb).label) in reasons[0]
    assert (status_now(entity, record.pk), entity.model.objects.count()) == (before, number)


@EACH
def test_what_is_closed_is_opened_by_its_action_alone(world, entity):
    """Leaving such a status by a plain change is refused; the form offers the present one alone."""
    field, user = status_field(entity), world.admin
    kinds = kinds_of(field)
    first = status_now(entity, world.records[entity.key].pk)
    for action in actions_of(entity):
        for kind in action.leaves:
            key = next(key for key, candidate in kinds.items() if candidate == kind)
            record = entity.model.objects.get(pk=world.records[entity.key].pk)
            via = next(other.verb for other in actions_of(entity) if kind in other.reaches)
            writes.change(record, {"status": key}, by=Actor(user).within_action(via))
            record = entity.model.objects.get(pk=record.pk)
            with pytest.raises(ActionNeeded) as refused:
                writes.change(record, {"status": first}, by=Actor(user, ChangeSource.FORM))
            assert refused.value.verb == action.verb
            offered = {option.key for option in field.options()} - without_unreachable(
                entity, field, record
            ).not_offered
            assert {kinds[name] for name in offered} == {kind}
            writes.change(record, {"status": first}, by=Actor(user).within_action(action.verb))


@EACH
def test_a_verb_of_another_kind_is_no_way_round(world, entity):
    """A verb that writes other things does not carry the status along."""
    record = entity.model.objects.get(pk=world.records[entity.key].pk)
    for key, verb in targets_of(entity):
        with pytest.raises(ActionNeeded):
            writes.change(record, {"status": key}, by=Actor(world.admin).within_action("copy"))
        with pytest.raises(ActionNeeded):
            writes.update_system_fields(
                record,
                by=Actor(None, ChangeSource.JOB),
                status=status_field(entity).table.by_key(key, status_field(entity).group),
            )
        before = kinds_of(status_field(entity))[status_now(entity, record.pk)]
        assert needed_action(entity, before, kinds_of(status_field(entity))[key]).verb == verb


def test_a_status_that_records_have_keeps_its_kind(world, call, browse):
    """OPP-5: a kind that is changed in the settings would close or open every record of the status."""
    status = world.records["opportunities"].status
    code, problem = call("PATCH", f"/opportunity-statuses/{status.pk}", {"kind": "won"})
    assert (code, problem["errors"][0]["field"]) == (422, "kind")
    lead = world.records["leads"]
    lead = type(lead).objects.get(pk=lead.pk).status
    kind = lead.kind
    page = browse().post(f"/settings/categories/leadstatus/{lead.pk}/edit", {"name": lead.name, "kind": "qualified"})
    assert page.status_code == 422
    lead.refresh_from_db()
    assert lead.kind == kind


def test_no_setting_gives_such_a_status(world, call):
    """SPLIT-1, INTAKE-1: neither a splitter filter nor an intake source qualifies a lead by itself."""
    for path, field in (("splitter-filters", "sets_status"), ("intake-sources", "default_status")):
        code, problem = call("PATCH", f"/{path}/{world.records[path].pk}", {field: "qualified"})
        assert (code, [error["field"] for error in problem["errors"]]) == (422, [field])
