"""Accounts, users with roles and what they need, made through the write path; later rooms' tests build on these."""

from collections.abc import Sequence
from itertools import count
from typing import Any

from kanal.core import registry, writes
from kanal.core.access.materialized import rebuild_grants
from kanal.core.actor import SYSTEM, Actor, ChangeSource
from kanal.core.cache import invalidate
from kanal.core.models import Assignment, Role, RoleRule

numbers = count(1)
EVERYTHING = ("accounts", "account-groups", "account-relations", "contacts", "partners", "campaigns", "activities",
              "tasks", "projects", "users")  # fmt: skip
VERBS = ["view", "add", "edit", "delete", "add_to_project", "add_to_group", "connect_accounts", "assign_to_partner",
         "archive", "unarchive"]  # fmt: skip


def make(key: str, by: Actor = SYSTEM, **values: Any) -> Any:
    """Make a record of any type."""
    return writes.create(registry.get(key), values, by=by)


def make_user(
    visibility: str = "all", actions: Sequence[str] = VERBS, entities: Sequence[str] = EVERYTHING, **values: Any
) -> Any:
    """Make a user who has a role for some types with this visibility; none for an empty one."""
    number = next(numbers)
    given = {"last_name": f"User {number}", "username": f"u{number}", "email": f"u{number}@kanal.example"}
    user = make("users", **{**given, **values})
    if visibility:
        role = Role.objects.create(key=f"tester-{number}", name=f"Tester {number}")
        for key in entities:
            RoleRule.objects.create(role=role, entity=key, visibility=visibility, actions=list(actions))
        Assignment.objects.create(role=role, user=user)
        rebuild_grants()
        invalidate()
    return user


def make_partner_user(partner: Any, **values: Any) -> Any:
    """Make an external user of a partner."""
    return make_user("partner", user_type="partner", partner=partner.pk, **values)


def by(user: Any) -> Actor:
    """Return the actor that a form makes of a user."""
    return Actor(user, ChangeSource.FORM)


def make_account(by: Actor = SYSTEM, **values: Any) -> Any:
    """Make an account of an organization."""
    return make("accounts", by, **{"organization": f"Nordlys {next(numbers)} AS", **values})


def make_partner(**values: Any) -> Any:
    """Make a partner."""
    return make("partners", **{"name": f"Partner {next(numbers)}", **values})


def make_project(**values: Any) -> Any:
    """Make a project."""
    return make("projects", **{"name": f"Project {next(numbers)}", **values})


def may_see(user: Any, record: Any) -> bool:
    """Return whether a user sees a record."""
    from kanal.core import access
    from kanal.core.access.permissions import forget_permissions

    forget_permissions(user)
    return access.visible_to(user, registry.of(record)).filter(pk=record.pk).exists()
