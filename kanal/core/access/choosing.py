"""Records that a user may choose in a field and whose names they may read: visible ones and a few more.

A user who may add a record must be able to choose what it requires. Choosing a record takes less than opening it.
"""

from functools import partial
from typing import Any

from django.db.models import Q, QuerySet

from kanal.core.access.condition import EVERYTHING, NOTHING, AccessCondition
from kanal.core.access.permissions import permissions_of
from kanal.core.access.queryset import access_condition, has_permission
from kanal.core.entity import Entity
from kanal.core.fields.field import CleanContext


def choosable_condition(user: Any, entity: Entity) -> Q | None:
    """Return the condition for choosable records, or None without restrictions."""
    condition = access_condition(user, entity)
    if entity.scope.choosable is not None:
        condition |= AccessCondition.of(entity.scope.choosable(permissions_of(user)))
    return None if condition is EVERYTHING else condition.q


def choosable(user: Any, entity: Entity) -> QuerySet:
    """Return the records of a type that the user may choose in a field."""
    condition = choosable_condition(user, entity)
    records = entity.model._default_manager.all()
    return records if condition is None else records.filter(condition)


def may_open(user: Any, entity: Entity) -> bool:
    """Return whether the user may open pages of a type's records. Records that may only be chosen have none."""
    return user is None or entity.scope.choosable is None or has_permission(user, entity, "view")


def may_choose(user: Any, entity: Entity) -> bool:
    """Return whether the user may be able to choose records of a type."""
    return entity.scope.choosable is not None or access_condition(user, entity) is not NOTHING


def clean_context(user: Any, **values: Any) -> CleanContext:
    """Return the context for cleaning a user's values. None is the system, which may choose any record."""
    return CleanContext(user=user, choosable=None if user is None else partial(choosable, user), **values)
