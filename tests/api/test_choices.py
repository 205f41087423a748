"""API-1a: the keys of every choice can be learnt; what is not there is 404; nothing hidden is named."""

import json

import pytest

from kanal.core import registry, tokens, writes
from kanal.core.actor import Actor
from kanal.core.cache import invalidate
from kanal.core.fields import fields_of
from kanal.core.models import ApiToken, CustomField, FieldVisibility
from tests.contract.conftest import call, make_lasting, world

__all__ = ["call", "lasting_world", "world"]

lasting_world = pytest.fixture(scope="module", name="lasting_world")(make_lasting)


@pytest.fixture
def described(client, world):
    """Return the document as a user gets it."""

    def ask(user=None):
        headers = {"Authorization": f"Bearer {world.tokens[user]}"} if user else {}
        return json.loads(client.get("/api/v1/openapi.json", headers=headers).content)

    return ask


def test_every_choice_names_its_keys(described):
    """API-1a: an enum in the document, whether the choices are fixed or stand in a table."""
    schemas = described("administrator")["components"]["schemas"]
    for entity in registry.all_entities():
        for key, field in fields_of(entity).items():
            if field.type.key == "choice" and not field.is_custom and field.options():
                assert {option.key for option in field.options()} <= set(
                    schemas[entity.key]["properties"][key]["enum"]
                ), key


def test_the_keys_of_tables_can_be_read_with_their_names(call, described):
    """API-1a: each table of choices has a resource whose rows have a key; a filter by that key is understood."""
    schemas = described("administrator")["components"]["schemas"]
    addresses = {
        (entity.key, key, field): schemas[entity.key]["properties"][key]["x-choices"]
        for entity in registry.all_entities()
        for key, field in fields_of(entity).items()
        if field.has_rows
    }
    assert {"/api/v1/statuses", "/api/v1/categories", "/api/v1/trackers"} <= set(addresses.values())
    for (entity, key, field), address in addresses.items():
        status, data = call(
            "GET", f"{address.removeprefix('/api/v1')}{'?limit=500' if 'statuses' not in address else ''}"
        )
        assert status == 200
        known = {row["key"] for row in data["items"]}
        assert {option.key for option in field.options()} <= known, (entity, key)
    for row in call("GET", "/statuses")[1]["items"]:
        assert call("GET", f"/{row['entity']}?filter={row['field']}:any({row['key']})")[0] == 200


def test_the_history_speaks_of_keys_and_names(world, call):
    """HIST-1: a status by its key, a user by id and name; no raw id of a row."""
    lead = world.records["leads"]
    other = next(
        option for option in fields_of(registry.get("leads"))["status"].options() if option.key != lead.status.key
    )
    values = {"status": other.key, "assignee": world.users["director"].pk}
    if call("PATCH", f"/leads/{lead.pk}", values)[0] != 200:
        values.pop("status")
        assert call("PATCH", f"/leads/{lead.pk}", values)[0] == 200
    entries = call("GET", f"/leads/{lead.pk}/history")[1]["items"]
    changes_by_field = {change["field"]: change for entry in entries for change in reversed(entry["changes"])}
    keys = {option.key for option in fields_of(registry.get("leads"))["status"].options()}
    assert changes_by_field["status"]["new"] in keys
    assert changes_by_field["status"]["label"] == "Status"
    assert changes_by_field["status"]["new_label"]
    newest = {change["field"]: change for change in entries[0]["changes"]}
    assert (newest["assignee"]["new"], newest["assignee"]["new_label"]) == (values["assignee"], "director")


def test_no_name_of_a_hidden_record_in_the_history(world, call):
    """ACC-5: a private account is an id without a name for others."""
    by = Actor(world.users["representative"])
    values = {**world.values(registry.get("accounts")), "organization": "Zulu Ltd", "is_private": True}
    account = writes.create(registry.get("accounts"), values, by=by)
    lead = writes.create(registry.get("leads"), {**world.values(registry.get("leads")), "account": account.pk}, by=by)
    for user, is_seen in (("representative", True), ("administrator", False)):
        status, data = call("GET", f"/leads/{lead.pk}/history", user=user)
        assert status == 200
        assert ("Zulu" in json.dumps(data)) == is_seen


@pytest.mark.parametrize("method", ["GET", "POST", "PATCH", "DELETE"])
@pytest.mark.parametrize("path", ["/nothing", "/leads/{lead}/frobnicate", "/leads/{lead}/qualify/more", "/contracts/x"])
def test_what_is_not_there_is_404(world, call, client, method, path):
    """API-1a: an unknown address or verb, for everybody, whatever the method; not 403 for want of a token."""
    from django.test import Client

    path = path.format(lead=world.records["leads"].pk)
    assert call(method, path, {} if method in ("POST", "PATCH") else None)[0] == 404
    assert Client(enforce_csrf_checks=True).generic(method, f"/api/v1{path}").status_code == 404


def test_a_verb_that_is_there_is_refused_by_right_and_by_state(world, call):
    """API-1a: 403 for who may not, 409 in the wrong state."""
    lead = world.records["leads"].pk
    assert call("POST", f"/leads/{lead}/archive", {}, user="read-only")[0] == 403
    assert call("POST", f"/leads/{lead}/archive", {})[0] in (200, 204)
    assert call("POST", f"/leads/{lead}/archive", {})[0] == 409


def test_fields_and_include_work_together(world, call):
    """API-1: what is included is there though its relation was not asked for, and nothing else is."""
    lead = world.records["leads"]
    for path in (f"/leads/{lead.pk}", f"/leads?filter=id:is({lead.pk})"):
        data = call("GET", f"{path}{'&' if '?' in path else '?'}fields=company&include=assignee,account")[1]
        item = data["items"][0] if "items" in data else data
        assert item["included"]["assignee"]["id"] == lead.assignee_id
        assert item["included"]["account"]["id"] == lead.account_id
        assert set(item) == {"id", "company", "custom", "revision", "included"}


def test_the_document_is_of_its_reader(world, described):
    """ACC-6, API-1a: neither hidden fields, nor custom fields to nobody, nor operations that one may not do."""
    CustomField.objects.create(entity="leads", key="margin", name="Secret margin", kind="text")
    FieldVisibility.objects.create(entity="leads", field="custom.margin", user_types=["director"])
    FieldVisibility.objects.create(entity="leads", field="phone", user_types=["director"])
    invalidate()
    assert "Secret margin" in json.dumps(described("administrator"))
    for user in (None, "representative", "partner"):
        assert "Secret margin" not in json.dumps(described(user)), user
    few = described("read-only")
    assert "phone" not in few["components"]["schemas"]["leads"]["properties"]
    assert "post" not in few["paths"]["/api/v1/leads"]
    assert "/api/v1/leads/{pk}/qualify" not in few["paths"]
    assert "/api/v1/contracts" in described("administrator")["paths"]
    assert "post" not in described("administrator")["paths"]["/api/v1/contracts"]


def test_the_document_is_of_its_token(world, client):
    """API-1a: a token that reads, or reads one resource alone, is offered no more than its scopes hold."""
    user = world.users["administrator"]
    reading, some = tokens.create_token(user, "reads", "read"), tokens.create_token(user, "some")
    ApiToken.objects.filter(name="some").update(scopes=["read:leads", "write:leads", "read:statuses"])
    invalidate()

    def operations(token):
        document = client.get("/api/v1/openapi.json", headers={"Authorization": f"Bearer {token}"}).json()
        return {(method, path) for path, methods in document["paths"].items() for method in methods}

    assert {method for method, path in operations(reading) if "/intake/" not in path} == {"get"}
    resources = {path.split("/")[3] for _method, path in operations(some)}
    assert resources == {"leads", "statuses", "intake"}
    assert ("post", "/api/v1/leads/{pk}/qualify") in operations(some)


def test_a_wrong_token_gets_no_document(client, world):
    """ACC-9: 401, and not the document of nobody."""
    assert client.get("/api/v1/openapi.json", headers={"Authorization": "Bearer kanal_wrong"}).status_code == 401
