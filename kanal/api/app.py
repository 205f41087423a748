"""The API of the installation: one operation per resource and verb, made from the registry."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI

from kanal import __version__
from kanal.api import attachments, lists, resources, tables
from kanal.api.describe import action_schema
from kanal.api.documents import (
    COMMENT,
    FILE_BODY,
    HISTORY,
    IF_MATCH,
    LIST,
    LISTED,
    PAGE,
    READING,
    WRITING,
    answers,
    body,
    bulk_body,
    page_of,
    reference,
)
from kanal.api.problems import handle
from kanal.api.signing import Bearer
from kanal.core import registry
from kanal.core.entity import Action, Entity
from kanal.kit.errors import NotFound

DESCRIPTION = """The same records, rules and permissions as the pages. Money is `{"amount", "currency"}`, a relation is
an id, a choice its key, custom fields stand under `custom`. Errors are problem documents (RFC 9457)."""
LARGEST_ID = 2**63


def build() -> NinjaAPI:
    """Make the API of all registered record types."""
    api = NinjaAPI(
        title="Kanal", version=__version__, description=DESCRIPTION, auth=Bearer(), urls_namespace="api",
        docs_url=None, openapi_url=None,
    )  # fmt: skip
    handle(api)
    for entity in registry.all_entities():
        Resource(api, entity).add()
    add_tables(api)
    add_attachments(api)
    return api


def add_tables(api: NinjaAPI) -> None:
    """Add what is read only: tables of the settings, and who calls."""
    for name in tables.TABLES:
        plain(api, "GET", f"/{name}", partial(tables.get_table, name=name), f"list_{name}", LISTED)
    plain(api, "GET", "/me", tables.get_me, "me", {"type": "object"})


def add_attachments(api: NinjaAPI) -> None:
    """Add the single files and comments."""
    one = {"type": "object"}
    plain(api, "GET", "/files/{pk}/content", attachments.get_content, "file_content", None)
    plain(api, "DELETE", "/files/{pk}", attachments.delete_file, "delete_file", None, status=204)
    comment = body(COMMENT)
    plain(api, "PATCH", "/comments/{pk}", attachments.change_comment, "change_comment", one, body=comment)
    plain(api, "DELETE", "/comments/{pk}", attachments.delete_comment, "delete_comment", None, status=204)


def plain(api: NinjaAPI, method: str, path: str, function: Callable, name: str, schema: Any, **said: Any) -> None:
    """Add an operation that belongs to no record type."""

    def view(request: HttpRequest) -> HttpResponse:
        return function(request)

    def view_of_one(request: HttpRequest, pk: int) -> HttpResponse:
        return function(request, in_range(pk))

    extra: dict[str, Any] = {"responses": answers({said.get("status", 200): ("Done.", schema)}, WRITING)}
    if "body" in said:
        extra["requestBody"] = said["body"]
    label = name.replace("-", "_")
    operation = api.api_operation(
        [method], path, operation_id=label, summary=label.replace("_", " ").capitalize(), tags=["Installation"],
        openapi_extra=extra,
    )  # fmt: skip
    operation(view_of_one if "{pk}" in path else view)


def in_range(pk: int) -> int:
    """Refuse what can be no id."""
    if not 0 < pk < LARGEST_ID:
        raise NotFound
    return pk


class Resource:
    """The operations of one record type, each with what the OpenAPI document says of it."""

    def __init__(self, api: NinjaAPI, entity: Entity) -> None:
        self.api = api
        self.entity = entity
        self.path = f"/{entity.key}"
        self.record = reference(entity.key)

    def add(self) -> None:
        """Add all operations."""
        self.of_type("GET", "", lists.get_page, "list", page_of(self.entity.key), READING, parameters=LIST)
        new, change = reference(f"{self.entity.key}.new"), reference(f"{self.entity.key}.change")
        self.of_type("POST", "", resources.create, "create", self.record, WRITING, status=201, body=body(new))
        for method, name, item in (("POST", "bulk_create", new), ("PATCH", "bulk_change", change)):
            self.of_type(method, "/bulk", resources.bulk, name, PAGE["bulk"], WRITING, body=bulk_body(item))
        self.of_record("GET", "", resources.get, "get", self.record, READING, parameters=LIST[2:4])
        said = {"parameters": [IF_MATCH], "body": body(change)}
        self.of_record("PATCH", "", resources.patch, "change", self.record, WRITING, **said)
        self.of_record("DELETE", "", resources.delete, "delete", None, WRITING, status=204, parameters=[IF_MATCH])
        self.of_record(
            "GET", "/history", resources.get_history, "history", PAGE["history"], READING, parameters=HISTORY
        )
        self.add_attachments()
        for action in registry.actions(self.entity):
            if action.run is not None and action.api and action.verb != "delete":
                self.add_action(action)

    def add_attachments(self) -> None:
        """Add files and comments, where the type has them."""
        shape = {"type": "object"}
        if self.entity.has("files"):
            self.of_record("GET", "/files", attachments.list_files, "files", PAGE["history"], READING)
            said = {"status": 201, "body": FILE_BODY}
            self.of_record("POST", "/files", attachments.add_file, "add_file", shape, WRITING, **said)
        if self.entity.has("comments"):
            self.of_record("GET", "/comments", attachments.list_comments, "comments", PAGE["history"], READING)
            said = {"status": 201, "body": body(COMMENT)}
            self.of_record("POST", "/comments", attachments.add_comment, "add_comment", shape, WRITING, **said)

    def add_action(self, action: Action) -> None:
        """Add one verb."""

        def run(request: HttpRequest, entity: Entity, pk: int) -> HttpResponse:
            return resources.run(request, entity, pk, action)

        name = action.verb.replace("-", "_")
        said = {"body": body(action_schema(action), required=False), "summary": str(action.label)}
        self.of_record("POST", f"/{action.verb}", run, name, {"type": "object"}, WRITING, **said)

    def of_type(self, method: str, path: str, function: Callable, name: str, *said: Any, **more: Any) -> None:
        """Add an operation on the type."""

        def view(request: HttpRequest) -> HttpResponse:
            return function(request, self.entity)

        self.register(method, self.path + path, view, name, *said, **more)

    def of_record(self, method: str, path: str, function: Callable, name: str, *said: Any, **more: Any) -> None:
        """Add an operation on one record."""

        def view(request: HttpRequest, pk: int) -> HttpResponse:
            return function(request, self.entity, in_range(pk))

        self.register(method, self.path + "/{pk}" + path, view, name, *said, **more)

    def register(
        self, method: str, path: str, view: Callable, name: str, schema: Any, refusals: tuple[int, ...], **said: Any
    ) -> None:
        """Hand an operation to the router with its description."""
        status = said.get("status", 200)
        extra = {
            "parameters": list(said.get("parameters", [])),
            "responses": answers({status: ("Done.", schema)}, refusals),
        }
        if "body" in said:
            extra["requestBody"] = said["body"]
        label = f"{name}_{self.entity.key}".replace("-", "_")
        summary = said.get("summary") or f"{name.replace('_', ' ').capitalize()}: {self.entity.plural}"
        self.api.api_operation(
            [method], path, operation_id=label, summary=summary, tags=[self.entity.plural], openapi_extra=extra
        )(view)
