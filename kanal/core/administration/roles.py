"""Roles: their rules, and their assignment everywhere or in a project (ACC-1, ACC-2)."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from kanal.core.access.materialized import rebuild_grants
from kanal.core.actor import Actor
from kanal.core.administration.permissions import GLOBAL, require_administrator
from kanal.core.cache import invalidate
from kanal.core.models import Assignment, Role, RoleRule


@transaction.atomic
def save_rules(
    role: Role, rules: Mapping[str, tuple[Iterable[str], str]], permissions: Iterable[str], *, by: Actor
) -> None:
    """Store a role with its rules by record type: (actions, visibility). A type without actions has no rule."""
    require_administrator(by.user)
    by.set_on_connection()
    role.permissions = [name for name in GLOBAL if name in set(permissions)]
    role.save()
    for entity, (actions, visibility) in rules.items():
        given = sorted(set(actions))
        if given:
            RoleRule.objects.update_or_create(
                role=role, entity=entity, defaults={"actions": given, "visibility": visibility}
            )
        else:
            RoleRule.objects.filter(role=role, entity=entity).delete()
    invalidate()


def members_of(*, role: Role | None = None, project_id: Any = None) -> QuerySet[Assignment]:
    """Return the assignments of a role everywhere, or of any role in a project."""
    assignments = Assignment.objects.select_related("user", "group", "role").order_by("role__name", "id")
    return (
        assignments.filter(role=role, project=None) if role is not None else assignments.filter(project_id=project_id)
    )


@transaction.atomic
def assign(
    role: Role,
    *,
    by: Actor,
    user_id: Any = None,
    group_id: Any = None,
    project_id: Any = None,
    inherited: bool = True,
) -> Assignment:
    """Assign a role to a user or a group, everywhere or in a project. The caller has checked the permission."""
    by.set_on_connection()
    assignment, _made = Assignment.objects.update_or_create(
        role=role, user_id=user_id, group_id=group_id, project_id=project_id, defaults={"inherited": inherited}
    )
    rebuild_grants()
    invalidate()
    return assignment


@transaction.atomic
def withdraw(assignment: Assignment, *, by: Actor) -> None:
    """Withdraw a role."""
    by.set_on_connection()
    assignment.delete()
    rebuild_grants()
    invalidate()
