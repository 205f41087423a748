"""The REST API of the installation: one operation per resource and method, generated from the registry."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI

from kanal import __version__
from kanal.api import attachments, bulk, jobs, lists, lookups, resources
from kanal.api.authentication import Bearer
from kanal.api.idempotency import idempotent
from kanal.api.openapi import operations as spec
from kanal.api.openapi.components import listed
from kanal.api.openapi.schemas import is_open
from kanal.api.problems import handle
from kanal.core import registry
from kanal.core.action import Action
from kanal.core.conflicts import retried
from kanal.core.entity import Entity
from kanal.kit.errors import NotFound

DESCRIPTION = """The API uses the same records, rules and permissions as the pages. Money is `{"amount", "currency"}`,
a relation is an id, a choice is its key, and custom fields are in `custom`. Errors are problem documents (RFC 9457)."""
LARGEST_ID = 2**63


def build() -> NinjaAPI:
    """Return the API of all registered record types."""
    api = NinjaAPI(
        title="Kanal", version=__version__, description=DESCRIPTION, auth=Bearer(), urls_namespace="api",
        docs_url=None, openapi_url=None,
    )  # fmt: skip
    handle(api)
    for entity in registry.all_entities():
        Resource(api, entity).add()
    add_tables(api)
    add_attachments(api)
    add_jobs(api)
    return api


def add_tables(api: NinjaAPI) -> None:
    """Add read-only operations: tables of settings, and the caller."""
    for name in lookups.TABLES:
        page = spec.page_of(lookups.schema_of(name))
        view = partial(lookups.get_table, name=name)
        add_operation(api, "GET", f"/{name}", view, f"list_{name}", page, spec.LISTING, parameters=spec.TABLE)
    page = spec.page_of(lookups.STATUS)
    add_operation(api, "GET", "/statuses", lookups.get_statuses, "list_statuses", page, spec.EVERY)
    add_operation(api, "GET", "/me", lookups.get_me, "me", spec.reference("Me"), spec.EVERY)


def add_jobs(api: NinjaAPI) -> None:
    """Add the jobs of the queue with their two actions."""
    job = jobs.SHAPE
    narrowing = {
        "parameters": (
            spec.parameter("state", "Return only jobs in this state.", spec.TEXT),
            spec.parameter("cursor", "`next` of the previous page.", spec.TEXT),
        )
    }
    add_operation(api, "GET", "/jobs", jobs.list_jobs, "list_jobs", spec.page_of(job), spec.LISTING, **narrowing)
    add_operation(api, "GET", "/jobs/{int:pk}", jobs.get_job, "get_job", job, spec.READING)
    add_operation(api, "POST", "/jobs/{int:pk}/cancel", jobs.cancel_job, "cancel_job", job, spec.MAKING)
    add_operation(api, "POST", "/jobs/{int:pk}/retry", jobs.retry_job, "retry_job", job, spec.MAKING)


def add_attachments(api: NinjaAPI) -> None:
    """Add individual files and comments."""
    add_operation(
        api, "GET", "/files/{int:pk}/content", attachments.get_content, "file_content", spec.BYTES, spec.READING
    )
    file, change = spec.reference("File"), {"body": spec.FILE_CHANGE}
    add_operation(api, "PATCH", "/files/{int:pk}", attachments.change_file, "change_file", file, spec.MAKING, **change)
    add_operation(
        api, "DELETE", "/files/{int:pk}", attachments.delete_file, "delete_file", None, spec.REMOVING[:-1], status=204
    )
    comment = spec.reference("Comment")
    more = {"body": spec.COMMENT_BODY}
    add_operation(
        api, "PATCH", "/comments/{int:pk}", attachments.change_comment, "change_comment", comment, spec.MAKING, **more
    )
    refusals = spec.REMOVING[:-1]
    add_operation(
        api, "DELETE", "/comments/{int:pk}", attachments.delete_comment, "delete_comment", None, refusals, status=204
    )


def add_operation(
    api: NinjaAPI, method: str, path: str, function: Callable, name: str, schema: Any, refusals: tuple, **more: Any
) -> None:
    """Add an operation that doesn't belong to a record type."""

    def view(request: HttpRequest) -> Any:
        return function(request)

    def view_of_one(request: HttpRequest, pk: int) -> Any:
        return function(request, in_range(pk))

    wanted: Callable = view_of_one if "{int:pk}" in path else view
    if method == "POST":
        wanted = idempotent(wanted, path.split("/")[1])
        more["parameters"] = [*more.get("parameters", ()), spec.KEY]
    if method != "GET":
        wanted = retried(wanted)
    label = name.replace("-", "_")
    extra = operation_spec({more.get("status", 200): ("Done.", schema)}, refusals, **more)
    operation = api.api_operation(
        [method], path, operation_id=label, summary=label.replace("_", " ").capitalize(), tags=["Installation"],
        openapi_extra=extra,
    )  # fmt: skip
    operation(wanted)


def operation_spec(good: dict, refusals: tuple, *, parameters: Any = (), body: Any = None, **_more: Any) -> dict:
    """Build the OpenAPI description of an operation."""
    operation: dict[str, Any] = {"responses": spec.answers(good, refusals), "parameters": list(parameters)}
    if body is not None:
        operation["requestBody"] = body
    return operation


def in_range(pk: int) -> int:
    """Return the id. Raise NotFound for values outside the range of ids."""
    if not 0 < pk < LARGEST_ID:
        raise NotFound
    return pk


class Resource:
    """The operations of one record type, with their OpenAPI descriptions."""

    def __init__(self, api: NinjaAPI, entity: Entity) -> None:
        self.api = api
        self.entity = entity
        self.path = f"/{entity.key}"
        self.record = spec.reference(entity.key)

    def add(self) -> None:
        """Add all operations."""
        key = self.entity.key
        new, change = spec.reference(f"{key}.new"), spec.reference(f"{key}.change")
        page = spec.page_of(self.record)
        self.of_type("GET", "", lists.get_page, "list", page, spec.LISTING, parameters=spec.LIST)
        done = listed(spec.reference("Done"))
        if self.entity.is_made_from_outside:
            made = {"status": 201, "body": spec.body(new), "needs": "add"}
            self.of_type("POST", "", resources.create_record, "create", self.record, spec.MAKING, **made)
            many = {"body": spec.bulk_body(new), "needs": "add"}
            self.of_type("POST", "/bulk", bulk.bulk, "bulk_create", done, spec.MAKING, **many)
        many = {"body": spec.bulk_body(spec.reference(f"{key}.item")), "needs": "edit"}
        self.of_type("PATCH", "/bulk", bulk.bulk, "bulk_change", done, spec.MAKING, **many)
        parameters = [*spec.SELECTING, spec.IF_NONE_MATCH]
        read = {"parameters": parameters, "also": {304: ("The record hasn't changed.", None)}}
        self.of_record("GET", "", resources.get, "get", self.record, spec.READING, **read)
        changed = {"needs": "edit", "parameters": [spec.IF_MATCH], "body": spec.body(change)}
        self.of_record("PATCH", "", resources.patch, "change", self.record, spec.WRITING, **changed)
        gone = {"status": 204, "parameters": [spec.IF_MATCH], "needs": "delete"}
        if self.entity.is_deletable:
            self.of_record("DELETE", "", resources.delete_record, "delete", None, spec.REMOVING, **gone)
        entries = listed(spec.reference("Entry"))
        self.of_record(
            "GET", "/history", resources.get_history, "history", entries, spec.READING, parameters=spec.HISTORY
        )
        self.add_attachments()
        for action in registry.actions(self.entity):
            if is_open(action):
                self.add_action(action)

    def add_attachments(self) -> None:
        """Add files and comments, if the type has them."""
        file, comment = spec.reference("File"), spec.reference("Comment")
        if self.entity.has_files:
            self.of_record("GET", "/files", attachments.list_files, "files", listed(file), spec.READING)
            sent = {"status": 201, "body": spec.FILE_BODY, "also_needs": ["files.add"]}
            self.of_record("POST", "/files", attachments.add_file, "add_file", file, spec.MAKING, **sent)
        if self.entity.has_comments:
            self.of_record("GET", "/comments", attachments.list_comments, "comments", listed(comment), spec.READING)
            sent = {"status": 201, "body": spec.COMMENT_BODY, "also_needs": ["comments.add"]}
            self.of_record("POST", "/comments", attachments.add_comment, "add_comment", comment, spec.MAKING, **sent)

    def add_action(self, action: Action) -> None:
        """Add one action."""

        def run(request: HttpRequest, entity: Entity, pk: int) -> HttpResponse:
            return resources.run_action(request, entity, pk, action)

        name = action.verb.replace("-", "_")
        body = spec.body(spec.reference(f"{self.entity.key}.{action.verb}"), required=False)
        also = {204: ("Done; there is no record to return.", None)}
        more = {"body": body, "needs": action.needs, "summary": str(action.label), "also": also}
        self.of_record("POST", f"/{action.verb}", run, name, {"type": "object"}, spec.MAKING, **more)

    def of_type(self, method: str, path: str, function: Callable, name: str, *answers: Any, **more: Any) -> None:
        """Add an operation on the type."""

        def view(request: HttpRequest) -> HttpResponse:
            return function(request, self.entity)

        self.register(method, self.path + path, view, name, *answers, **more)

    def of_record(self, method: str, path: str, function: Callable, name: str, *answers: Any, **more: Any) -> None:
        """Add an operation on one record."""

        def view(request: HttpRequest, pk: int) -> HttpResponse:
            return function(request, self.entity, in_range(pk))

        self.register(method, self.path + "/{int:pk}" + path, view, name, *answers, **more)

    def register(
        self, method: str, path: str, view: Callable, name: str, schema: Any, refusals: tuple[int, ...], **more: Any
    ) -> None:
        """Add an operation to the router with its description. POST is run once per idempotency key."""
        if method == "POST":
            view = idempotent(view, self.entity.key)
            more["parameters"] = [*more.get("parameters", ()), spec.KEY]
        if method != "GET":
            view = retried(view)
        good = {more.get("status", 200): ("Done.", schema), **more.get("also", {})}
        label = f"{name}_{self.entity.key}".replace("-", "_")
        summary = more.get("summary") or f"{name.replace('_', ' ').capitalize()}: {self.entity.plural}"
        needed = [f"{self.entity.key}.{more.get('needs', 'view')}", *more.get("also_needs", ())]
        extra = operation_spec(good, refusals, **more) | {"x-permissions": needed}
        self.api.api_operation(
            [method], path, operation_id=label, summary=summary, tags=[self.entity.plural], openapi_extra=extra
        )(view)
