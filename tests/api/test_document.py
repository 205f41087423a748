"""API-1: the OpenAPI 3.1 document is without gaps: every answer, every field, examples that fit."""

import jsonschema_rs
import pytest

from kanal.core import registry
from kanal.core.cache import invalidate
from kanal.core.fields import fields_of
from kanal.core.models import CustomField, FieldRule
from tests.api.conftest import SHIPS

ALWAYS = {"400", "401", "403", "429"}


@pytest.fixture
def document(call):
    """Return the document as it is served."""
    return call("GET", "/api/v1/openapi.json")[1]


def operations(document):
    """List (path, method, operation), the intake left out: it needs no token."""
    return [
        (path, method, operation)
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
        if "/intake/" not in path
    ]


def test_every_operation_names_every_answer(document):
    """API-1: what can happen to it is declared, refusals as problem documents."""
    for path, method, operation in operations(document):
        wanted = set(ALWAYS)
        wanted |= {"404"} if "{pk}" in path else set()
        wanted |= {"409", "413", "415", "422"} if method in ("post", "patch") else set()
        wanted |= {"412"} if "If-Match" in [each["name"] for each in operation["parameters"]] else set()
        assert wanted <= set(operation["responses"]), (method, path)
        good = [status for status in operation["responses"] if status < "300"]
        assert good, (method, path)
        assert all("content" in operation["responses"][status] or status == "204" for status in good), (method, path)
    for operation in document["components"]["responses"].values():
        assert list(operation["content"]) == ["application/problem+json"]


def test_the_intake_is_described(document):
    """INTAKE-1: with 202, 404, 413 and without a token."""
    operation = document["paths"]["/api/v1/intake/{key}"]["post"]
    assert {"202", "403", "404", "413", "429"} <= set(operation["responses"])
    assert operation["security"] == []


def test_every_field_has_a_schema_custom_ones_included(call):
    """API-1, CF-1: names, labels, kinds, limits."""
    CustomField.objects.create(entity="ships", key="knots", name="Knots", kind="integer")
    invalidate()
    schemas = call("GET", "/api/v1/openapi.json")[1]["components"]["schemas"]
    for entity in registry.all_entities():
        described = schemas[entity.key]["properties"]
        names = {key for key, field in fields_of(entity).items() if not field.is_custom}
        assert names <= set(described)
        assert all(schema.get("title") for key, schema in described.items() if key in names - {"id"})
    assert schemas["ships"]["properties"]["custom"]["properties"]["knots"]["title"] == "Knots"
    assert schemas["ships.new"]["properties"]["custom"]["properties"]["knots"]["title"] == "Knots"


def test_examples_fit_their_schemas(document):
    """API-1: an example that is refused is worse than none."""
    count = 0
    for _path, _method, operation in operations(document):
        for content in operation.get("requestBody", {}).get("content", {}).values():
            if "example" in content:
                schema = {**content["schema"], "components": document["components"]}
                jsonschema_rs.Draft202012Validator(schema).validate(content["example"])
                count += 1
    assert count > 50


def test_what_nobody_may_write_is_not_asked_for(call):
    """API-1a, FORM-2: a field that a rule makes read-only is given out, and no body has it."""
    FieldRule.objects.create(entity="ships", field="masts", mode=FieldRule.Mode.READ_ONLY)
    invalidate()
    schemas = call("GET", "/api/v1/openapi.json")[1]["components"]["schemas"]
    having = {name for name, schema in schemas.items() if "masts" in schema.get("properties", ())}
    assert having & {"ships", "ships.new", "ships.change", "ships.item"} == {"ships"}


def test_the_reader_shows_it(client, admin):
    """API-1: a page for people."""
    client.force_login(admin)
    answer = client.get("/api/v1/docs")
    assert answer.status_code == 200
    text = answer.content.decode()
    assert "/api/v1/ships/{pk}/rename" in text
    assert "`Retry-After` gives the seconds to wait" in text


def test_a_made_record_is_as_its_schema_says(call, document):
    """API-1: what is given out fits the schema."""
    given = {"name": "Anna", "price": {"amount": "5", "currency": "EUR"}, "launched": "2026-01-02"}
    schema = {"$ref": "#/components/schemas/ships", "components": document["components"]}
    jsonschema_rs.Draft202012Validator(schema).validate(call("POST", SHIPS, given)[1])
