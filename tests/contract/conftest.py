"""One world for all tests of the contract; what a test does to it is undone after it."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart

from kanal.core import access
from kanal.core.cache import invalidate
from tests.contract.world import World


def make_lasting(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    """Make the world within a transaction that is never committed."""
    with django_db_blocker.unblock(), transaction.atomic():
        invalidate()
        yield World()
        transaction.set_rollback(True)


lasting_world = pytest.fixture(scope="package", name="lasting_world")(make_lasting)


@pytest.fixture
def world(lasting_world: World) -> Iterator[World]:
    """Return the world, and undo what the test did to it."""
    invalidate()
    with transaction.atomic():
        yield lasting_world
        transaction.set_rollback(True)
    for user in lasting_world.users.values():
        user.refresh_from_db()  # a test may have changed it, and only the database undid that
        access.forget_permissions(user)
    invalidate()


@pytest.fixture
def browse(world: World) -> Callable[[str], Client]:
    """Return the browser of a user: `browse("director")`."""
    clients: dict[str, Client] = {}

    def signed_in(name: str = "administrator") -> Client:
        if name not in clients:
            clients[name] = Client()
            if name != "anonymous":
                clients[name].force_login(world.users[name])
        return clients[name]

    return signed_in


@pytest.fixture
def call(world: World, client: Client) -> Callable[..., tuple[int, Any]]:
    """Call the API: `call("PATCH", "/leads/1", {…}, user="owner")` gives (status, data); to files it sends one."""

    def do(method: str, path: str, data: Any = None, user: str = "administrator") -> tuple[int, Any]:
        kind, body = "application/json", json.dumps(data) if data is not None else ""
        if path.endswith("/files") and method == "POST":
            kind, body = MULTIPART_CONTENT, encode_multipart(BOUNDARY, {"file": SimpleUploadedFile("a.txt", b"a")})
        headers = {"Authorization": f"Bearer {world.tokens[user]}"}
        response = client.generic(method, f"/api/v1{path}", body, content_type=kind, headers=headers)
        return response.status_code, json.loads(response.content) if response.content else None

    return do
