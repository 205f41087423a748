"""The OpenAPI 3.1 document: the router's operations with the schemas of all record types, custom fields included."""

from typing import Any

import orjson
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from ninja import NinjaAPI

from kanal.api.operations import refusals
from kanal.api.schemas import input_schema, item_schema, record_schema
from kanal.api.shapes import SCHEMAS
from kanal.core import registry

_described: dict[str, dict[str, Any]] = {}


def describe(path: str, **operations: dict[str, Any]) -> None:
    """Add an operation that a room serves at an address of its own: `describe("/api/v1/…", post={…})`."""
    _described[path] = operations


def document(api: NinjaAPI) -> dict[str, Any]:
    """Make the document as it stands now."""
    found = dict(api.get_openapi_schema(path_prefix="api/v1/"))
    found["paths"] = {**found["paths"], **_described}
    for operations in found["paths"].values():
        for operation in operations.values():
            drop_unsaid(operation["responses"])
    schemas: dict[str, Any] = dict(SCHEMAS)
    for entity in registry.all_entities():
        schemas[entity.key] = record_schema(entity)
        if entity.is_made_from_outside:
            schemas[f"{entity.key}.new"] = input_schema(entity, is_new=True)
        schemas[f"{entity.key}.change"] = change = input_schema(entity, is_new=False)
        schemas[f"{entity.key}.item"] = item_schema(change)
    security = {"Bearer": {"type": "http", "scheme": "bearer"}}
    parts = {"schemas": schemas, "responses": refusals(), "securitySchemes": security}
    return {**found, "components": parts}


def drop_unsaid(responses: dict[Any, Any]) -> None:
    """Leave out the answer 200 that the router adds to operations that never give it."""
    for key in [key for key in responses if str(key) == "200" and "content" not in responses[key]]:
        if any(str(other).startswith("2") and other != key for other in responses):
            del responses[key]


def openapi(request: HttpRequest, api: NinjaAPI) -> HttpResponse:
    """Serve the document."""
    data = orjson.dumps(document(api), default=str, option=orjson.OPT_NON_STR_KEYS)
    return HttpResponse(data, content_type="application/json")


def reader(request: HttpRequest, api: NinjaAPI) -> HttpResponse:
    """Serve a page that reads the document for people."""
    found = document(api)
    groups: dict[str, list] = {}
    for path, operations in found["paths"].items():
        for method, operation in operations.items():
            row = {"path": path, "method": method.upper(), **operation, "responses": answers_of(operation, found)}
            groups.setdefault(operation["tags"][0], []).append(row)
    return render(request, "api/reader.html", {"groups": groups, "version": found["info"]["version"]})


def answers_of(operation: dict[str, Any], found: dict[str, Any]) -> dict[str, Any]:
    """Give an operation's answers with the descriptions that they point at."""
    shared = found["components"]["responses"]
    return {str(key): shared[str(key)] if "$ref" in one else one for key, one in operation["responses"].items()}
