"""Which records a user may choose in a field, and so reads the names of: those that they see, and a few more.

Somebody who may add a record must be able to choose what it requires; to choose a record is less than to open it.
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
    """Return the condition that choosable records meet; None where nothing is held back."""
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
    """Return whether the user has pages of a type's records: those that may only be chosen have none."""
    return user is None or entity.scope.choosable is None or has_permission(user, entity, "view")


def may_choose(user: Any, entity: Entity) -> bool:
    """Return whether there may be records of a type that the user can choose."""
    return entity.scope.choosable is not None or access_condition(user, entity) is not NOTHING


def clean_context(user: Any, **values: Any) -> CleanContext:
    """Return the context in which a user's values are cleaned; None is the system, which may choose every record."""
    return CleanContext(user=user, choosable=None if user is None else partial(choosable, user), **values)
