"""The OpenAPI 3.1 document: the router's operations with the schemas of all record types, including custom fields."""

from copy import deepcopy
from typing import Any

import orjson
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from ninja import NinjaAPI

from kanal.api.authentication import Bearer, scope_for
from kanal.api.openapi.components import SCHEMAS
from kanal.api.openapi.operations import refusals
from kanal.api.openapi.schemas import (
    action_example,
    action_schema,
    example_of,
    input_schema,
    is_open,
    item_schema,
    record_schema,
)
from kanal.api.problems import problem
from kanal.core import access, registry, tokens
from kanal.core.actor import Actor
from kanal.core.entity import Entity
from kanal.core.fields import Field
from kanal.core.fields.registry import native_fields
from kanal.core.models import ApiToken
from kanal.core.writes.presets import preset_of
from kanal.kit.registries import Registry

_described: Registry[dict[str, Any]] = Registry("documented operations", " ".join)


def describe(path: str, **operations: dict[str, Any]) -> None:
    """Add an operation that an app serves at its own URL: `describe("/api/v1/…", post={…})`."""
    _described.register(path, operations)


def document(api: NinjaAPI, user: Any = None, token: ApiToken | None = None) -> dict[str, Any]:
    """Return the document for a user or their token, limited to their permissions. Anonymous: without custom fields.

    The names of hidden fields and operations that would be rejected aren't included (ACC-6, API-1a).
    """
    schema = dict(api.get_openapi_schema(path_prefix="api/v1/"))
    schema["paths"] = permitted_paths({**schema["paths"], **_described.snapshot()}, user, token)
    for operations in schema["paths"].values():
        for operation in operations.values():
            drop_unsaid(operation["responses"])
    schemas, examples = schemas_for(user)
    for operations in schema["paths"].values():
        for operation in operations.values():
            add_example(operation.get("requestBody", {}).get("content", {}).get("application/json", {}), examples)
    security = {"Bearer": {"type": "http", "scheme": "bearer"}}
    parts = {"schemas": schemas, "responses": refusals(), "securitySchemes": security}
    return {**schema, "components": parts}


def schemas_for(user: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the schemas referenced by operations, and examples of request bodies, by name."""
    schemas: dict[str, Any] = dict(SCHEMAS)
    examples: dict[str, Any] = {}
    for entity in registry.all_entities():
        schemas[entity.key] = record_schema(entity, list(readable(entity, user).values()))
        fields = list(writable(entity, user).values())
        shown = example_of(fields)
        if entity.is_made_from_outside:
            preset = {key for key, value in preset_of(entity, Actor(user), {}).items() if value not in (None, "")}
            schemas[f"{entity.key}.new"] = input_schema(entity, fields, is_new=True, preset=preset)
        schemas[f"{entity.key}.change"] = change = input_schema(entity, fields, is_new=False)
        schemas[f"{entity.key}.item"] = item_schema(change)
        examples |= {f"{entity.key}.{name}": shown for name in ("new", "change")}
        examples[f"{entity.key}.item"] = {"id": 42, **shown}
        for action in filter(is_open, registry.actions(entity)):
            schemas[f"{entity.key}.{action.verb}"] = action_schema(entity, action)
            examples[f"{entity.key}.{action.verb}"] = action_example(entity, action)
    return schemas, examples


def add_example(content: dict[str, Any], examples: dict[str, Any]) -> None:
    """Add an example to a body that references a named schema, or is a list of such."""
    schema = content.get("schema", {})
    items = schema.get("properties", {}).get("items", {}).get("items", {})
    name = (schema.get("$ref") or items.get("$ref") or "").rpartition("/")[2]
    if name in examples:
        shown = examples[name]
        content["example"] = shown if "$ref" in schema else {"mode": "each", "items": [shown]}


def readable(entity: Entity, user: Any) -> dict[str, Field]:
    """Return the fields that a user may read. Anonymous users don't see custom fields."""
    if user is None:
        return {field.key: field for field in native_fields(entity)}
    return access.FieldContext(user, entity).readable


def writable(entity: Entity, user: Any) -> dict[str, Field]:
    """Return the fields that a user may write on some record, marked as required if they always are."""
    return readable(entity, user) if user is None else access.FieldContext(user, entity).writable


def permitted_paths(paths: dict[str, Any], user: Any, token: ApiToken | None = None) -> dict[str, Any]:
    """Omit operations that a user may never perform, and those beyond a token's scopes."""
    result: dict[str, Any] = {}
    for path, operations in paths.items():
        allowed = {
            name: operation
            for name, operation in operations.items()
            if token is None or reaches(token, name, path, operation)
        }
        kept = {name: deepcopy(operation) for name, operation in allowed.items() if is_offered(operation, user)}
        if kept:
            result[path] = kept
    return result


def reaches(token: ApiToken, method: str, path: str, operation: dict[str, Any]) -> bool:
    """Return whether a token's scopes include an operation. One that needs no token is open to all."""
    resource = path.removeprefix("/api/v1/").partition("/")[0]
    return operation.get("security") == [] or tokens.allows(token, scope_for(method), resource)


def is_offered(operation: dict[str, Any], user: Any) -> bool:
    """Return whether a user may perform an operation on some record."""
    return user is None or all(is_permitted(name, user) for name in operation.get("x-permissions", ()))


def is_permitted(name: str, user: Any) -> bool:
    """Return whether a user has a permission such as `leads.edit` anywhere. `comments.add` applies to all records."""
    key, _dot, action = name.partition(".")
    entity = registry.find(key)
    return access.has_permission(user, entity, action) if entity else access.permissions_of(user).allows(key, action)


def drop_unsaid(responses: dict[Any, Any]) -> None:
    """Omit the response 200 that the router adds to operations that never return it."""
    for key in [key for key in responses if str(key) == "200" and "content" not in responses[key]]:
        if any(str(other).startswith("2") and other != key for other in responses):
            del responses[key]


def openapi(request: HttpRequest, api: NinjaAPI) -> HttpResponse:
    """Serve the document."""
    user, token = request.user if request.user.is_authenticated else None, None
    if "Authorization" in request.headers:
        user = Bearer()(request)
        if not user:
            return problem(401, _("Send a valid token as “Authorization: Bearer …”."))
        token = request.api_token  # type: ignore[attr-defined]
    data = orjson.dumps(document(api, user, token), default=str, option=orjson.OPT_NON_STR_KEYS)
    return HttpResponse(data, content_type="application/json")


def reader(request: HttpRequest, api: NinjaAPI) -> HttpResponse:
    """Serve a human-readable page of the document."""
    schema = document(api, request.user if request.user.is_authenticated else None)
    groups: dict[str, list] = {}
    for path, operations in schema["paths"].items():
        for method, operation in operations.items():
            row = {"path": path, "method": method.upper(), **operation, "responses": answers_of(operation, schema)}
            groups.setdefault(operation["tags"][0], []).append(row)
    return render(request, "api/reader.html", {"groups": groups, "version": schema["info"]["version"]})


def answers_of(operation: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    """Return an operation's responses with references resolved."""
    shared = schema["components"]["responses"]
    return {
        str(key): shared[str(key)] if "$ref" in response else response
        for key, response in operation["responses"].items()
    }
