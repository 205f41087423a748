"""The only function that turns (user, type, action) into the query of permitted records (ACC-7)."""

from collections.abc import Iterable
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import Q, QuerySet

from kanal.core.access.condition import EVERYTHING, NOTHING, AccessCondition, compare, joined
from kanal.core.access.permissions import EVERYWHERE, Rule, UserPermissions, permissions_of, sharing_is_on
from kanal.core.entity import Entity
from kanal.core.models.access import Visibility
from kanal.core.query.compiled import Subselect

READING = ("view", "export")


def visible_to(user: Any, entity: Entity, action: str = "view") -> QuerySet:
    """Return the records of a type on which the user may perform an action."""
    condition = condition_for(user, entity, action)
    records = entity.model._default_manager.all()
    return records if condition is None else records.filter(condition)


def condition_for(user: Any, entity: Entity, action: str = "view") -> Q | None:
    """Return the condition of `visible_to`, or None without restrictions."""
    condition = access_condition(user, entity, action)
    return None if condition is EVERYTHING else condition.q


def access_condition(user: Any, entity: Entity, action: str = "view") -> AccessCondition:
    """Return the condition for records of a type on which the user may perform an action, with its components."""
    grants = permissions_of(user)
    if entity.scope.parent:
        return parent_condition(user, grants, entity, action)
    condition = action_condition(grants, entity, entity.key, action)
    if entity.scope.private:
        return without_private(condition, entity.scope.private, grants.user_id, grants.allows(entity.key, action))
    return condition


def without_private(condition: AccessCondition, column: str, user_id: Any, is_allowed: bool) -> AccessCondition:
    """Exclude other users' private records by a column. Include the user's own private ones if allowed."""
    hidden, own = Q(**{f"{column}__isnull": False}) & ~Q(**{column: user_id}), compare(column, user_id)
    if condition is EVERYTHING:
        return AccessCondition(Q(**{f"{column}__isnull": True}) | own.q, hidden=hidden)
    return joined(Q.OR, joined(Q.AND, condition, AccessCondition(~hidden)), own if is_allowed else NOTHING)


def action_condition(grants: UserPermissions, entity: Entity, key: str, action: str) -> AccessCondition:
    """Return the records on which the rules for a type (`key`: its own or that of children) allow an action."""
    condition = rule_condition(grants, entity, key, action)
    if action == "edit":
        condition |= rule_condition(grants, entity, key, "edit_own") & owned_condition(grants, entity)
    if key != entity.key and not grants.allows(key, action):
        return condition
    if action in entity.scope.also_for:
        for also in entity.scope.also:
            condition |= AccessCondition.of(also(grants))
    if entity.scope.shared and action == "view" and not grants.is_external and grants.allows(entity.key, "view"):
        condition |= compare(entity.scope.shared, True)
    return condition


def owned_condition(grants: UserPermissions, entity: Entity) -> AccessCondition:
    """Return the records that the user owns."""
    if not hasattr(entity.model, "owner_ids"):
        return compare("created_by_id", grants.user_id)
    return compare("owner_ids", grants.user_id, lookup="overlap")


def rule_condition(grants: UserPermissions, entity: Entity, key: str, action: str) -> AccessCondition:
    """Join the rules for a type that allow the action by OR. Return EVERYTHING for an administrator."""
    if grants.is_admin:
        return EVERYTHING
    condition = NOTHING
    for rule in grants.rules_for(key, action):
        condition |= visibility_condition(grants, entity, rule, action) & project_condition(entity, rule, action)
    return condition


def visibility_condition(grants: UserPermissions, entity: Entity, rule: Rule, action: str) -> AccessCondition:
    """Return the records that a rule's visibility covers. External users see at most their partner's (ACC-8)."""
    if grants.is_external or rule.visibility == Visibility.PARTNER:
        return partner_condition(grants, entity)
    if rule.visibility == Visibility.ALL or not hasattr(entity.model, "owner_ids"):
        return EVERYTHING
    shared = action == "view" and grants.subordinates and sharing_is_on()
    people = grants.team if rule.visibility == Visibility.TEAM or shared else [grants.user_id]
    return compare("owner_ids", *people, lookup="overlap")


def partner_condition(grants: UserPermissions, entity: Entity) -> AccessCondition:
    """Return the records of the user's partner."""
    condition = NOTHING
    if grants.partner_id is not None:
        for path in entity.scope.partner:
            condition |= compare(path, grants.partner_id)
    return condition


def project_condition(entity: Entity, rule: Rule, action: str) -> AccessCondition:
    """Return the records in the rule's projects. It makes installation-wide lists read-only."""
    if rule.projects is EVERYWHERE:
        return EVERYTHING
    if entity.scope.project:
        return compare(entity.scope.project, *sorted(rule.projects), lookup="in")
    if entity.scope.projects:
        links = entity.model._meta.get_field(entity.scope.projects).remote_field.through
        name = entity.model._meta.get_field(entity.scope.projects).m2m_field_name()
        return AccessCondition(Q(pk__in=Subselect(links, Q(project_id__in=sorted(rule.projects)), f"{name}_id")))
    return NOTHING if is_common(entity) and action not in READING else EVERYTHING


def is_common(entity: Entity) -> bool:
    """Return whether a type is installation-wide: without project, owner or parent record."""
    scope = entity.scope
    return not (scope.project or scope.projects or scope.parent or hasattr(entity.model, "owner_ids"))


def parent_of(entity: Entity) -> Entity:
    """Return the type of the parent whose visibility the type inherits."""
    from kanal.core import registry

    parent = registry.of(entity.model._meta.get_field(entity.scope.parent).related_model)
    assert parent is not None
    return parent


def parent_condition(user: Any, grants: UserPermissions, entity: Entity, action: str) -> AccessCondition:
    """Return the children of visible parents on which the user's rules for children allow the action.

    Owner and project are those of the top-level record: for a quote's item, of the opportunity.
    """
    if not has_permission(user, entity, action):
        return NOTHING
    parent = root = parent_of(entity)
    path = entity.scope.parent
    while root.scope.parent:
        path, root = f"{path}__{root.scope.parent}", parent_of(root)
    above = access_condition(user, parent, "view")
    wanted = action_condition(grants, root, entity.key, action)
    if root.scope.private and grants.allows(entity.key, action):
        wanted |= compare(root.scope.private, grants.user_id)
    on_parent = {} if above is EVERYTHING else {f"{entity.scope.parent}_id__in": Subselect(parent.model, above.q)}
    if wanted is not EVERYTHING and wanted.q != action_condition(grants, root, root.key, "view").q:
        return AccessCondition(Q(**on_parent, **{f"{path}__in": Subselect(root.model, wanted.q)}))
    return AccessCondition(Q(**on_parent), parent=above) if on_parent else EVERYTHING


def has_permission(user: Any, entity: Entity, action: str, record: Any = None) -> bool:
    """Return whether the user may perform an action on a record, or on any of the type."""
    grants = permissions_of(user)
    if record is None:
        rules = [*grants.rules_for(entity.key, action), *(own_rules(grants, entity, action))]
        everywhere = is_common(entity) and action not in READING
        return grants.is_admin or any(rule.projects is EVERYWHERE or not everywhere for rule in rules)
    return visible_to(user, entity, action).filter(pk=record.pk).exists()


def own_rules(grants: UserPermissions, entity: Entity, action: str) -> list[Rule]:
    """Return the rules that allow an action only on the user's own records (ACC-2)."""
    return grants.rules_for(entity.key, "edit_own") if action == "edit" else []


def has_feature_permission(user: Any, entity: Entity, record: Any, feature: str, action: str) -> bool:
    """Return whether a role allows an action on comments or files of a record that the user sees, in its project."""
    grants = permissions_of(user)
    rules = grants.rules_for(feature, action)
    if grants.is_admin or any(rule.projects is EVERYWHERE for rule in rules):
        return True
    root, path = entity, "pk"
    while root.scope.parent:
        path, root = root.scope.parent if path == "pk" else f"{path}__{root.scope.parent}", parent_of(root)
    condition = NOTHING
    for rule in rules:
        condition |= project_condition(root, rule, action)
    if condition in (NOTHING, EVERYTHING):
        return condition is EVERYTHING
    wanted = Q(**{f"{path}__in": Subselect(root.model, condition.q)})
    return entity.model._default_manager.filter(wanted, pk=record.pk).exists()


def may_add_to(user: Any, entity: Entity, record: Any, feature: str) -> bool:
    """Return whether the user may add comments or files to a record that they see. Edit permission is sufficient."""
    return has_feature_permission(user, entity, record, feature, "add") or has_permission(user, entity, "edit", record)


def authors_in_reach(user: Any, authors: Iterable[int | None]) -> set[int | None]:
    """Return the authors whose comments and files the user may change, if a role allows it.

    A partner's user only reaches users of the same partner (ACC-8). Internal users reach everyone.
    """
    grants, wanted = permissions_of(user), set(authors)
    if not grants.is_external:
        return wanted
    own = wanted & {grants.user_id}
    others = [pk for pk in wanted - own if pk is not None]
    if not others or grants.partner_id is None:
        return own
    colleagues = get_user_model()._default_manager.filter(pk__in=others, partner_id=grants.partner_id)
    return own | set(colleagues.values_list("pk", flat=True))
