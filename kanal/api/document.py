"""The OpenAPI 3.1 document: the router's operations with the schemas of all record types, custom fields included."""

from typing import Any

import orjson
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from ninja import NinjaAPI

from kanal.api.describe import PROBLEM, input_schema, record_schema
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
    schemas: dict[str, Any] = {"Problem": PROBLEM}
    for entity in registry.all_entities():
        schemas[entity.key] = record_schema(entity)
        schemas[f"{entity.key}.new"] = input_schema(entity, is_new=True)
        schemas[f"{entity.key}.change"] = input_schema(entity, is_new=False)
    security = {"Bearer": {"type": "http", "scheme": "bearer"}}
    return {**found, "components": {"schemas": schemas, "securitySchemes": security}}


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
            groups.setdefault(operation["tags"][0], []).append({"path": path, "method": method.upper(), **operation})
    return render(request, "api/reader.html", {"groups": groups, "version": found["info"]["version"]})
