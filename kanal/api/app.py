"""The API of the installation: one operation per resource and verb, made from the registry."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI

from kanal import __version__
from kanal.api import lists, resources
from kanal.api.describe import action_schema
from kanal.api.documents import (
    HISTORY,
    IF_MATCH,
    LIST,
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
    return api


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
        for action in registry.actions(self.entity):
            if action.run is not None and action.api and action.verb != "delete":
                self.add_action(action)

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
            if not 0 < pk < LARGEST_ID:
                raise NotFound
            return function(request, self.entity, pk)

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
