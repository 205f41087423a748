"""What a user is granted: roles resolved over projects, subordinates, partner. Read once per user object."""

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from kanal.core.cache import cached, invalidate
from kanal.core.models import Grant, ProjectPath, SupervisorPath

EVERYWHERE = None
KEPT = "_kanal_grants"


@dataclass(frozen=True)
class Rule:
    """One role's rule for one type: its actions, how much it shows, and where (`EVERYWHERE` or project ids)."""

    actions: frozenset[str]
    visibility: str
    projects: frozenset[int] | None


@dataclass(frozen=True)
class UserPermissions:
    """All that decides what a user may do."""

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
        """Return the user and all below them in the organization chart."""
        return [self.user_id, *self.subordinates]

    def rules_for(self, entity_key: str, action: str) -> list[Rule]:
        """List the rules that allow an action on a type."""
        return [rule for rule in self.rules.get(entity_key, ()) if action in rule.actions]

    def allows(self, entity_key: str, action: str) -> bool:
        """Return whether an action on a type is allowed anywhere."""
        return self.is_admin or bool(self.rules_for(entity_key, action))

    def projects_for(self, entity_key: str, action: str) -> frozenset[int] | None:
        """Return the projects in which an action is allowed; EVERYWHERE for no limit."""
        rules = self.rules_for(entity_key, action)
        if self.is_admin or any(rule.projects is EVERYWHERE for rule in rules):
            return EVERYWHERE
        return frozenset().union(*(rule.projects for rule in rules if rule.projects))


@cached
def sharing_is_on() -> bool:
    """Return whether supervisors also view what their subordinates see (ACC-4)."""
    from kanal.core import settings

    return bool(settings.value("organization.share_access"))


@cached
def given_to(user_id: int) -> tuple[list[tuple[int, int | None]], tuple[int, ...]]:
    """Read the (role, project) pairs that a user holds, and who stands below them."""
    pairs = Grant.objects.filter(user_id=user_id).values_list("role_id", "project_id")
    below = SupervisorPath.objects.filter(supervisor_id=user_id).values_list("subordinate_id", flat=True)
    return list(pairs), tuple(below)


def read_rules(user: Any) -> tuple[dict[str, tuple[Rule, ...]], set[str], set[int]]:
    """Read a user's roles with the projects where each holds, subprojects included as the grants say."""
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
    """Read the rules of some roles."""
    from kanal.core.models import RoleRule

    return list(RoleRule.objects.filter(role_id__in=role_ids))


@cached
def roles(role_ids: tuple[int, ...]) -> list:
    """Read some roles."""
    from kanal.core.models import Role

    return list(Role.objects.filter(pk__in=role_ids))


def permissions_of(user: Any) -> UserPermissions:
    """Return what a user is granted; kept on the user object, so once per request."""
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
    """Return whether a user is a partner's, from whom a tab or a verb of the own company is hidden (ACC-8)."""
    return permissions_of(user).is_external


def forget_permissions(user: Any) -> None:
    """Read a user's grants anew at the next question."""
    if hasattr(user, KEPT):
        delattr(user, KEPT)
    invalidate()


def with_subprojects(project_ids: set[int]) -> set[int]:
    """Add all that lies below the projects."""
    return set(ProjectPath.objects.filter(ancestor_id__in=project_ids).values_list("descendant_id", flat=True))
