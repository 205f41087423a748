"""A small installation: a user of every sort; a record of every type, the representative's and the partner's."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction

from kanal.core import registry, tokens, writes
from kanal.core.access.materialized import rebuild_grants
from kanal.core.actor import SYSTEM, Actor
from kanal.core.cache import invalidate
from kanal.core.entity import Entity
from kanal.core.fields import fields_of
from kanal.core.models import Assignment, Category, Role, RoleRule
from tests.contract.values import TYPES, fixed_of, values_of


class World:
    """Users by what they are, and the records found by the key of their type."""

    def __init__(self) -> None:
        self.records: dict[str, Any] = {}
        self.begun: set[str] = set()
        self.problems: dict[str, Exception] = {}
        self.users = {name: make_user(name, kind) for name, kind in USERS.items()}
        for name in ("director", "representative", "read-only"):
            give(self.users[name], Role.objects.get(key=name))
        give(self.users["owner"], own_role())
        for name, (visibility, actions) in SAILORS.items():
            give(self.users[name], role_of(f"sailing-{name}", FAKES, visibility, actions))
        Category.objects.create(group="trade", key="coal", name="Coal")
        self.records["users"] = self.users["representative"]
        ours = self.find("partners")
        self.users["partner"] = make_user("partner", "partner", partner=ours.pk)
        give(self.users["partner"], Role.objects.get(key="partner"))
        give(self.users["partner"], role_of("sailing-partner", FAKES, "partner", {"view", "add", "edit", "rename"}))
        rebuild_grants()
        invalidate()
        self.tokens = {name: tokens.create_token(user, "contract") for name, user in self.users.items()}
        for entity in registry.all_entities():
            self.find(entity.key)

    @property
    def admin(self) -> Any:
        """Return the administrator."""
        return self.users["administrator"]

    def find(self, key: str) -> Any:
        """Return the record of a type that others link to (`accounts/new`: a new one); None while it is made."""
        if key.endswith("/new"):
            return self.make(registry.get(key.removesuffix("/new")))
        if key in self.records or key in self.begun:
            return self.records.get(key)
        self.begun.add(key)
        try:
            with transaction.atomic():
                self.records[key] = self.make(registry.get(key))
        except Exception as problem:  # test_registry names it, and the other types are tried all the same
            self.problems[key] = problem
        return self.records.get(key)

    def values(self, entity: Entity, *, full: bool = True) -> dict[str, Any]:
        """Return values for a new record of a type."""
        fields = {key: field for key, field in fields_of(entity).items() if not field.is_custom}
        return values_of(entity, fields, self.find, full=full)

    def make(self, entity: Entity, by: Any = None, **values: Any) -> Any:
        """Make a record that the representative owns, or another one."""
        maker = self.admin if TYPES[entity.key].fixed else self.users["representative"]
        actor = Actor(by or maker).within_action("prepare")
        return writes.create(entity, {**fixed_of(entity, self.find), **self.values(entity), **values}, by=actor)


USERS = {
    "administrator": "administrator",
    "director": "director",
    "representative": "representative",
    "read-only": "regular",
    "owner": "regular",
    "stranger": "regular",
}


def make_user(name: str, user_type: str, **values: Any) -> Any:
    """Make a user of a type."""
    given = {"last_name": name, "username": name, "email": f"{name}@kanal.example", "user_type": user_type}
    return writes.create(registry.get("users"), {**given, **values}, by=SYSTEM)


def give(user: Any, role: Role) -> None:
    """Give a user a role everywhere."""
    Assignment.objects.create(role=role, user=user)


FAKES = ("harbours", "ships")
SAILORS = {
    "director": ("all", {"view", "export", "add", "edit", "delete", "import", "rename"}),
    "representative": ("team", {"view", "export", "add", "edit", "rename"}),
    "read-only": ("all", {"view", "export"}),
}


def role_of(key: str, types: Iterable[str], visibility: str, actions: set[str]) -> Role:
    """Make a role that may do some actions with some types."""
    role = Role.objects.create(key=key, name=key)
    for name in types:
        RoleRule.objects.create(role=role, entity=name, visibility=visibility, actions=sorted(actions))
    return role


def own_role() -> Role:
    """Make a role that may do everything with its own records of every type, and sees no others."""
    verbs = {action.needs for entity in registry.all_entities() for action in registry.actions(entity)}
    every = {"view", "add", "edit", "delete", "export", "import", *verbs}
    return role_of("everything-of-ones-own", registry.keys(), "own", every)
