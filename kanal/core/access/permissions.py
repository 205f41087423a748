"""A user's permissions: roles resolved over projects, subordinates and partner. Read once per user object."""

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from kanal.core.cache import cached, invalidate
from kanal.core.models import Grant, ProjectPath, SupervisorPath

EVERYWHERE = None
KEPT = "_kanal_grants"


@dataclass(frozen=True)
class Rule:
    """One role's rule for one type: its actions, visibility and scope (`EVERYWHERE` or project ids)."""

    actions: frozenset[str]
    visibility: str
    projects: frozenset[int] | None


@dataclass(frozen=True)
class UserPermissions:
    """Everything that determines what a user may do."""

    user_id: int
    is_admin: bool = False
    partner_id: int | None = None
    is_external: bool = False
    subordinates: tuple[int, ...] = ()
    rules: dict[str, tuple[Rule, ...]] = field(default_factory=dict)
    permissions: frozenset[str] = frozenset()
    role_ids: frozenset[int] = frozenset()

    @property
    def team(self) -> list[int]:
        """Return the user and everyone under them in the organization chart."""
        return [self.user_id, *self.subordinates]

    def rules_for(self, entity_key: str, action: str) -> list[Rule]:
        """Return the rules that allow an action on a type."""
        return [rule for rule in self.rules.get(entity_key, ()) if action in rule.actions]

    def allows(self, entity_key: str, action: str) -> bool:
        """Return whether an action on a type is allowed anywhere."""
        return self.is_admin or bool(self.rules_for(entity_key, action))

    def projects_for(self, entity_key: str, action: str) -> frozenset[int] | None:
        """Return the projects in which an action is allowed, or EVERYWHERE."""
        rules = self.rules_for(entity_key, action)
        if self.is_admin or any(rule.projects is EVERYWHERE for rule in rules):
            return EVERYWHERE
        return frozenset().union(*(rule.projects for rule in rules if rule.projects))


@cached
def sharing_is_on() -> bool:
    """Return whether supervisors also see what their subordinates see (ACC-4)."""
    from kanal.core import settings

    return bool(settings.value("organization.share_access"))


@cached
def given_to(user_id: int) -> tuple[list[tuple[int, int | None]], tuple[int, ...]]:
    """Return a user's (role, project) pairs and the ids of their subordinates."""
    pairs = Grant.objects.filter(user_id=user_id).values_list("role_id", "project_id")
    below = SupervisorPath.objects.filter(supervisor_id=user_id).values_list("subordinate_id", flat=True)
    return list(pairs), tuple(below)


def read_rules(user: Any) -> tuple[dict[str, tuple[Rule, ...]], set[str], set[int]]:
    """Read a user's roles with their projects, including subprojects according to the grants."""
    where: dict[int, set[int]] = defaultdict(set)
    everywhere: set[int] = set()
    for role_id, project_id in given_to(user.pk)[0]:
        if project_id is None:
            everywhere.add(role_id)
        else:
            where[role_id].add(project_id)
    rules_by_entity: dict[str, list[Rule]] = defaultdict(list)
    for rule in rules_of_roles(tuple(sorted(everywhere | set(where)))):
        scope = EVERYWHERE if rule.role_id in everywhere else frozenset(where[rule.role_id])
        rules_by_entity[rule.entity].append(Rule(frozenset(rule.actions), rule.visibility, scope))
    permissions = {permission for role in roles(tuple(sorted(everywhere))) for permission in role.permissions}
    return {key: tuple(rules) for key, rules in rules_by_entity.items()}, permissions, everywhere | set(where)


@cached
def rules_of_roles(role_ids: tuple[int, ...]) -> list:
    """Return the rules of some roles."""
    from kanal.core.models import RoleRule

    return list(RoleRule.objects.filter(role_id__in=role_ids))


@cached
def roles(role_ids: tuple[int, ...]) -> list:
    """Return some roles."""
    from kanal.core.models import Role

    return list(Role.objects.filter(pk__in=role_ids))


def permissions_of(user: Any) -> UserPermissions:
    """Return a user's permissions, cached on the user object and so read once per request."""
    kept = getattr(user, KEPT, None)
    if kept is not None:
        return kept
    if not user.is_authenticated or not user.is_active:
        grants = UserPermissions(user_id=0)
    else:
        rules, permissions, role_ids = read_rules(user)
        grants = UserPermissions(
            user_id=user.pk,
            is_admin=user.is_administrator,
            partner_id=user.partner_id,
            is_external=user.is_external,
            subordinates=given_to(user.pk)[1],
            rules=rules,
            permissions=frozenset(permissions),
            role_ids=frozenset(role_ids),
        )
    setattr(user, KEPT, grants)
    return grants


def from_partners(record: Any, user: Any) -> bool:
    """Return whether a user belongs to a partner, to hide internal tabs and actions from them (ACC-8)."""
    return permissions_of(user).is_external


def forget_permissions(user: Any) -> None:
    """Drop a user's cached permissions so that the next check reads them again."""
    if hasattr(user, KEPT):
        delattr(user, KEPT)
    invalidate()


def with_subprojects(project_ids: set[int]) -> set[int]:
    """Return the ids of projects and everything under them."""
    return set(ProjectPath.objects.filter(ancestor_id__in=project_ids).values_list("descendant_id", flat=True))
