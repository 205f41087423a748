"""API-1a: what the document of a user offers can be done by them; nothing answers with a fault (SEC-4)."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from kanal.core import access, registry, tokens
from kanal.core.access.materialized import rebuild_grants
from kanal.core.cache import invalidate
from kanal.core.models import Role
from kanal.core.verbs import input_fields
from tests.contract.conftest import make_lasting, world
from tests.contract.values import values_of
from tests.contract.world import give, make_user

__all__ = ["lasting_world", "world"]

lasting_world = pytest.fixture(scope="module", name="lasting_world")(make_lasting)
ROLES = (
    "administrator", "director", "representative", "lead-manager", "account-manager", "support", "partner", "read-only",
)  # fmt: skip
# What is refused by the state of the one record of the world, or asks for more than its fields say.
STATES = {409, 422}
FAKES = {"harbours", "ships"}


class Caller:
    """One user of a seeded role, with what they may see, calling the API."""

    def __init__(self, world: Any, role: str) -> None:
        self.world = world
        self.user = world.users.get(role) or newcomer(world, role)
        self.token = world.tokens.get(role) or tokens.create_token(self.user, "walk")
        self.client = Client(raise_request_exception=False)

    def call(self, method: str, path: str, data: Any = None) -> tuple[int, Any]:
        """Send one request; what it does is undone."""
        headers = {"Authorization": f"Bearer {self.token}"}
        body = json.dumps(data) if data is not None else ""
        with transaction.atomic():
            answer = self.client.generic(method, path, body, content_type="application/json", headers=headers)
            transaction.set_rollback(True)
        return answer.status_code, answer.content[:300]

    def record(self, key: str, action: str) -> Any:
        """Return a record of a type on which the user may do an action."""
        return access.visible_to(self.user, registry.get(key), action).order_by("pk").first()

    def values(self, key: str) -> dict[str, Any]:
        """Return a valid body for a new record, as far as the user sees its fields and what they point at."""
        entity = registry.get(key)
        writable = access.FieldContext(self.user, entity).writable
        fields = {name: field for name, field in writable.items() if not field.is_custom}
        return values_of(entity, fields, self.find)

    def lacks(self, key: str, values: dict[str, Any]) -> bool:
        """Return whether a required record is of a type that the user may see, but of which there is none for them."""
        fields = access.FieldContext(self.user, registry.get(key)).writable.values()
        missing = [field.target for field in fields if field.required and field.target and field.key not in values]
        return any(access.has_permission(self.user, registry.get(target), "view") for target in missing)

    def find(self, key: str) -> Any:
        """Return a record that others point at, one that the user sees."""
        name = key.removesuffix("/new")
        record = self.world.find(key)
        visible = access.visible_to(self.user, registry.get(name))
        return (
            record if record is not None and visible.filter(pk=record.pk).exists() else visible.order_by("pk").first()
        )


def newcomer(world: Any, role: str) -> Any:
    """Make a user with a seeded role."""
    user = make_user(f"walk-{role}", "regular")
    give(user, Role.objects.get(key=role))
    rebuild_grants()
    invalidate()
    return user


def operations(document: dict[str, Any]) -> Iterator[tuple[str, str, str, str]]:
    """List (method, path, type, action) of what belongs to record types."""
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            key, _dot, action = next(iter(operation.get("x-permissions", ())), "").partition(".")
            if key and key not in FAKES:
                yield method.upper(), path, key, action


def tried(caller: Caller, method: str, path: str, key: str, action: str) -> tuple[int, Any] | None:
    """Do one operation with a body that fits; None where there is no record to do it to."""
    if "{pk}" in path:
        record = caller.record(key, action)
        if record is None:
            return None
        path = path.replace("{pk}", str(record.pk))
        return caller.call(method, path, body_of(caller, path, key, method))
    values = caller.values(key) if method == "POST" else {}
    if method == "POST" and caller.lacks(key, values):
        return None
    if path.endswith("/bulk"):
        return caller.call(method, path, {"mode": "each", "items": [values] if values else []})
    return caller.call(method, path, values or None)


def body_of(caller: Caller, path: str, key: str, method: str) -> Any:
    """Return a body for an operation on a record."""
    last = path.rpartition("/")[2]
    if method == "POST" and last == "comments":
        return {"text": "Said."}
    verb = registry.action(registry.get(key), last)
    if method != "POST" or verb is None:
        return {} if method == "PATCH" else None
    fields = {field.key: field for field in input_fields(registry.get(key), verb)}
    body = values_of(registry.get(key), fields, caller.find) if fields else {}
    if verb.dialog.pick:
        picked = caller.find(verb.dialog.pick)
        body[verb.dialog.pick_as] = picked.pk if picked else None
    return body


@pytest.mark.parametrize("role", ROLES)
def test_what_a_role_is_offered_can_be_done(world: Any, role: str) -> None:
    """API-1a: lists, making, reading, changing, verbs; a record's state may forbid a verb, a right may not."""
    caller = Caller(world, role)
    answer = caller.client.get("/api/v1/openapi.json", headers={"Authorization": f"Bearer {caller.token}"})
    faults, done = [], 0
    for method, path, key, action in operations(answer.json()):
        if path.endswith("/files") and method == "POST":
            continue  # sent as a form
        outcome = tried(caller, method, path, key, action)
        if outcome is None:
            continue
        status, said = outcome
        done += 1
        is_verb = method in ("POST", "PATCH", "DELETE") and "{pk}" in path
        if not (200 <= status < 300 or (is_verb and status in STATES)):
            faults.append(f"{method} {path}: {status} {said!r}")
    assert done > 20
    assert not faults, "\n".join(faults)
