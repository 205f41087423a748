"""Initial values of a new record: the type's presets, its partner and its project."""

from collections.abc import Mapping
from typing import Any

from kanal.core import access
from kanal.core.actor import Actor
from kanal.core.entity import Entity
from kanal.core.models import ProjectPath
from kanal.core.writes.checks import projects_to_add_to


def preset_of(entity: Entity, by: Actor, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the initial values of a new record: the type's presets, its project and its partner."""
    preset = entity.rules.initial(by) if entity.rules.initial else {}
    return {**projects_for(entity, by), **partner_of(entity, by, values), **preset}


def projects_for(entity: Entity, by: Actor) -> dict[str, Any]:
    """Return the project of a new record if it is the only one where its author may add such records (ACC-3a).

    Of a project and its subprojects it is the topmost. With several projects the author chooses.
    """
    allowed = projects_to_add_to(entity, by)
    if not allowed or entity.scope.projects not in access.FieldContext(by.user, entity).writable:
        return {}
    below = ProjectPath.objects.filter(ancestor_id__in=allowed, descendant_id__in=allowed, depth__gt=0)
    tops = sorted(allowed - set(below.values_list("descendant_id", flat=True)))
    return {entity.scope.projects: tops} if len(tops) == 1 else {}


def partner_of(entity: Entity, by: Actor, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the partner of a new record: records added by a partner user belong to their partner (ACC-8).

    A record that depends on another one, such as a person of an account, belongs to the partner through it.
    """
    if by.user is None or not by.user.is_external or "partner_id" not in entity.scope.partner:
        return {}
    parents = {path.partition("__")[0] for path in entity.scope.partner if "__" in path}
    return {} if any(values.get(key) for key in parents) else {"partner": by.user.partner_id}
