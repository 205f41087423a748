"""Users with roles, and records of the fake types, for tests of the core and of generic pages."""

from collections.abc import Callable, Iterator
from itertools import count
from typing import Any

import pytest

from kanal.core import registry, writes
from kanal.core.access.materialized import rebuild_grants
from kanal.core.actor import SYSTEM, Actor, ChangeSource
from kanal.core.cache import invalidate
from kanal.core.models import Assignment, Role, RoleRule
from kanal.kit.registries import unfrozen

numbers = count(1)


@pytest.fixture
def make_user(db: None) -> Callable[..., Any]:
    """Create a user: `make_user(rules={"ships": ("team", ["view"])}, project=…, user_type=…)`."""

    def make(rules: dict[str, tuple[str, list[str]]] | None = None, project: Any = None, **values: Any) -> Any:
        number = next(numbers)
        given = {"last_name": f"User {number}", "username": f"user{number}", "email": f"user{number}@kanal.example"}
        user = writes.create(registry.get("users"), {**given, "user_type": "regular", **values}, by=SYSTEM)
        if rules:
            role = Role.objects.create(key=f"role{number}", name=f"Role {number}")
            for key, (visibility, actions) in rules.items():
                RoleRule.objects.create(role=role, entity=key, visibility=visibility, actions=actions)
            Assignment.objects.create(role=role, user=user, project=project)
            rebuild_grants()
            invalidate()
        return user

    return make


@pytest.fixture
def unfrozen_registries() -> Iterator[None]:
    """Allow a test to register its own types, listeners or settings, which are removed afterwards."""
    with unfrozen():
        yield


@pytest.fixture
def admin(make_user: Callable[..., Any]) -> Any:
    """Return an administrator."""
    return make_user(user_type="administrator")


@pytest.fixture
def by(admin: Any) -> Actor:
    """Return an administrator who writes by form."""
    return Actor(admin, ChangeSource.FORM)


@pytest.fixture
def make_ship(db: None) -> Callable[..., Any]:
    """Create a ship by the system, or by a user."""

    def make(by: Actor = SYSTEM, **values: Any) -> Any:
        return writes.create(registry.get("ships"), {"name": f"Ship {next(numbers)}", **values}, by=by)

    return make


@pytest.fixture
def make_project(db: None) -> Callable[..., Any]:
    """Create a project, optionally below another."""

    def make(**values: Any) -> Any:
        return writes.create(registry.get("projects"), {"name": f"Project {next(numbers)}", **values}, by=SYSTEM)

    return make
