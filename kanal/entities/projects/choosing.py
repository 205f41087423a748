"""The projects that users without access to any may choose, and the default one for a partner's records.

A partner user needs a project for a lead or deal, but must not learn about others (PART-1a, ACC-8).
"""

from typing import Any

from django.db.models import Q

from kanal.core import registry, settings
from kanal.core.access.condition import NOTHING, AccessCondition, compare
from kanal.core.access.permissions import EVERYWHERE, UserPermissions, permissions_of
from kanal.core.access.queryset import partner_condition
from kanal.core.cache import cached
from kanal.core.entity import Entity
from kanal.core.query.compiled import Subselect
from kanal.entities.projects.models import Module, Project

SETTING = "b2b.partner_project"


def choosable(grants: UserPermissions) -> AccessCondition:
    """Return projects with an assigned role. For partner users also those they were added to or work in."""
    condition = compare("pk", *sorted(placed(grants)), lookup="in") if placed(grants) else NOTHING
    if not grants.is_external or grants.partner_id is None:
        return condition
    added = Subselect(Project.partners.through, Q(partner_id=grants.partner_id), "project_id")
    condition |= AccessCondition(Q(pk__in=added))
    for entity in worked_on(grants):
        theirs = Subselect(entity.model, partner_condition(grants, entity).q, "project_id")
        condition |= AccessCondition(Q(pk__in=theirs))
    usual = usual_project()
    return condition | compare("pk", usual) if usual else condition


def placed(grants: UserPermissions) -> frozenset[int]:
    """Return the projects where the user may add records by a role assigned there."""
    rules = [rule for key in grants.rules for rule in grants.rules_for(key, "add")]
    return frozenset().union(*(rule.projects for rule in rules if rule.projects is not EVERYWHERE))


def worked_on(grants: UserPermissions) -> list[Entity]:
    """List the types that the user may add to a project, which must be chosen."""
    return [
        entity
        for entity in registry.all_entities()
        if entity.scope.project == "project_id"
        and grants.rules_for(entity.key, "add")
        and entity.scope.partner == ("partner_id",)
        and not entity.model._meta.get_field("project").null
    ]


@cached
def usual_project() -> int | None:
    """Return the default project for partners: the one in the settings, else the first top-level one with the CRM."""
    if chosen := settings.value(SETTING):
        return int(chosen)
    tops = Project.objects.filter(parent=None, status=Project.Status.ACTIVE, modules__contains=[Module.CRM])
    return tops.order_by("pk").values_list("pk", flat=True).first()


def project_for(user: Any, key: str) -> int | None:
    """Return the default project for a partner user's new record of a type."""
    grants = permissions_of(user)
    allowed = grants.projects_for(key, "add")
    open_ones = Project.objects.filter(partners=grants.partner_id, status=Project.Status.ACTIVE).order_by("pk")
    candidates = [*open_ones.values_list("pk", flat=True), usual_project(), *sorted(placed(grants))]
    return next((pk for pk in candidates if pk and (allowed is EVERYWHERE or pk in allowed)), None)
