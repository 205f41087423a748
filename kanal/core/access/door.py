"""The one function that turns (user, type, action) into the query of permitted records (ACC-7)."""

from typing import Any

from django.db.models import Q, QuerySet

from kanal.core.access.grants import EVERYWHERE, Grants, Rule, grants_of, sharing_is_on
from kanal.core.entity import Entity
from kanal.core.models.access import Visibility

NOTHING = Q(pk__in=[])
EVERYTHING = Q()


def visible_to(user: Any, entity: Entity, action: str = "view") -> QuerySet:
    """Give the records of a type on which the user may do an action."""
    condition = condition_for(user, entity, action)
    records = entity.model._default_manager.all()
    return records if condition is None else records.filter(condition)


def condition_for(user: Any, entity: Entity, action: str = "view") -> Q | None:
    """Give the condition of `visible_to`; None where nothing is held back."""
    grants = grants_of(user)
    if entity.scope.parent:
        return through_parent(user, grants, entity, action)
    condition = by_rules(grants, entity, action)
    if action == "edit":
        own = by_rules(grants, entity, "edit_own")
        condition = either(condition, mine(grants, entity) if own == EVERYTHING else own & mine(grants, entity))
    if entity.scope.also is not None and action in entity.scope.also_for:
        condition = either(condition, entity.scope.also(grants))
    if entity.scope.private:
        hidden = Q(**{f"{entity.scope.private}__isnull": False}) & ~Q(**{entity.scope.private: grants.user_id})
        own = Q(**{entity.scope.private: grants.user_id})
        if condition == EVERYTHING:
            return Q(**{f"{entity.scope.private}__isnull": True}) | own
        return (condition & ~hidden) | (own if grants.allows(entity.key, action) else NOTHING)
    return None if condition == EVERYTHING else condition


def either(one: Q, other: Q) -> Q:
    """Join two conditions by OR; Django takes an empty one for nothing, here it is everything."""
    if EVERYTHING in (one, other):
        return EVERYTHING
    return other if one == NOTHING else one if other == NOTHING else one | other


def mine(grants: Grants, entity: Entity) -> Q:
    """Give the records that the user owns."""
    if not hasattr(entity.model, "owner_ids"):
        return Q(created_by_id=grants.user_id)
    return Q(owner_ids__overlap=[grants.user_id])


def by_rules(grants: Grants, entity: Entity, action: str) -> Q:
    """Join the rules that allow the action by OR; EVERYTHING for an administrator."""
    if grants.is_admin:
        return EVERYTHING
    found = NOTHING
    for rule in grants.rules_for(entity.key, action):
        found = either(found, by_visibility(grants, entity, rule, action) & by_project(entity, rule))
    return found


def by_visibility(grants: Grants, entity: Entity, rule: Rule, action: str) -> Q:
    """Give the records that one rule's visibility shows; external users never see more than their partner's (ACC-8)."""
    if grants.is_external or rule.visibility == Visibility.PARTNER:
        return of_partner(grants, entity)
    if rule.visibility == Visibility.ALL or not hasattr(entity.model, "owner_ids"):
        return EVERYTHING
    shared = action == "view" and grants.subordinates and sharing_is_on()
    people = grants.team if rule.visibility == Visibility.TEAM or shared else [grants.user_id]
    condition = Q(owner_ids__overlap=people)
    if entity.scope.shared and action == "view":
        condition |= Q(**{entity.scope.shared: True})
    return condition


def of_partner(grants: Grants, entity: Entity) -> Q:
    """Give the records of the user's partner."""
    if grants.partner_id is None or not entity.scope.partner:
        return NOTHING
    found = Q()
    for path in entity.scope.partner:
        found |= Q(**{path: grants.partner_id})
    return found


def by_project(entity: Entity, rule: Rule) -> Q:
    """Give the records in the projects where the rule holds."""
    if rule.projects is EVERYWHERE:
        return EVERYTHING
    if entity.scope.project:
        return Q(**{f"{entity.scope.project}__in": sorted(rule.projects)})
    if entity.scope.projects:
        links = entity.model._meta.get_field(entity.scope.projects).remote_field.through
        name = entity.model._meta.get_field(entity.scope.projects).m2m_field_name()
        return Q(pk__in=links.objects.filter(project_id__in=sorted(rule.projects)).values(f"{name}_id"))
    return EVERYTHING


def through_parent(user: Any, grants: Grants, entity: Entity, action: str) -> Q | None:
    """Give the children of visible parents, where the user's roles allow the action on children at all."""
    from kanal.core import registry

    if not grants.allows(entity.key, action) and not grants.allows(entity.key, f"{action}_own"):
        return NOTHING
    column = entity.model._meta.get_field(entity.scope.parent)
    parent = registry.of(column.related_model)
    assert parent is not None
    condition = condition_for(user, parent, "view")
    if condition is None:
        return None
    return Q(**{f"{entity.scope.parent}_id__in": parent.model._default_manager.filter(condition).values("pk")})


def may(user: Any, entity: Entity, action: str, record: Any = None) -> bool:
    """Tell whether the user may do an action on a record, or on the type at all."""
    grants = grants_of(user)
    if record is None:
        return grants.allows(entity.key, action) or (action == "edit" and grants.allows(entity.key, "edit_own"))
    return visible_to(user, entity, action).filter(pk=record.pk).exists()
