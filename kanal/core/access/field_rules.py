"""Administrators' decisions about fields: visibility, and rules by role and status (ACC-6, FORM-2)."""

from typing import Any

from kanal.core.access.permissions import permissions_of
from kanal.core.cache import cached
from kanal.core.entity import Entity
from kanal.core.fields import Field, fields_of
from kanal.core.fields.field import Mask
from kanal.core.models import FieldRule, FieldVisibility

ALWAYS = ""
CLOSED = (FieldRule.Mode.READ_ONLY, FieldRule.Mode.HIDDEN)
STRICTNESS: list[str] = [FieldRule.Mode.REQUIRED, FieldRule.Mode.READ_ONLY, FieldRule.Mode.HIDDEN]


@cached
def limited_fields(entity_key: str) -> dict[str, FieldVisibility]:
    """Return the fields with limited visibility."""
    return {row.field: row for row in FieldVisibility.objects.filter(entity=entity_key)}


@cached
def field_rules(entity_key: str) -> list[FieldRule]:
    """Return the rules by role and status."""
    return list(FieldRule.objects.filter(entity=entity_key))


@cached
def limited_types() -> tuple[str, ...]:
    """Return the types with fields that are hidden from some users."""
    limits = FieldVisibility.objects.order_by().values_list("entity")
    hidden = FieldRule.objects.order_by().filter(mode=FieldRule.Mode.HIDDEN).values_list("entity")
    return tuple(sorted({row[0] for row in limits.union(hidden)}))


def sees(user: Any, limit: FieldVisibility | None) -> bool:
    """Return whether a field is shown to a user."""
    if limit is None or user is None or permissions_of(user).is_admin:
        return True
    if user.pk in limit.users or user.user_type in limit.user_types:
        return True
    return bool(set(limit.groups) & set(user.group_ids()))


def holds_for(rule: FieldRule, user: Any) -> bool:
    """Return whether a rule applies to everyone or to one of the user's roles."""
    return not rule.role_id or (user is not None and rule.role_id in permissions_of(user).role_ids)


def modes_at(user: Any, entity: Entity, status: str | None) -> dict[str, str]:
    """Return the mode that the rules set for each field for a user at a status. The strictest rule wins."""
    modes: dict[str, str] = {}
    for rule in field_rules(entity.key):
        if rule.status not in (ALWAYS, status) or not holds_for(rule, user):
            continue
        if rule.field not in modes or STRICTNESS.index(rule.mode) > STRICTNESS.index(modes[rule.field]):
            modes[rule.field] = rule.mode
    return modes


def hidden_statuses(user: Any, entity: Entity) -> dict[str, frozenset[str]]:
    """Return the statuses at which the rules hide fields from the user, by field (FORM-2)."""
    statuses: dict[str, frozenset[str]] = {}
    for rule in field_rules(entity.key) if user is not None else ():
        if rule.mode == FieldRule.Mode.HIDDEN and holds_for(rule, user):
            statuses[rule.field] = statuses.get(rule.field, frozenset()) | {rule.status}
    return statuses


def masked(entity: Entity, field: Field, hidden: dict[str, frozenset[str]]) -> Field | None:
    """Return a field with its mask, unchanged if never hidden, or None if hidden at every status."""
    keys = frozenset().union(*(hidden.get(key, ()) for key in (field.key, *entity.tells_of.get(field.key, ()))))
    if not keys or field.key in ("id", entity.title):
        return field
    status = fields_of(entity).get(entity.listing.status)
    if ALWAYS in keys:
        return None
    return field.but(mask=Mask(status, keys)) if status is not None else field
