"""Which fields of a type a user may read, and which they may write (ACC-6, CF-2, FORM-2)."""

from typing import Any

from kanal.core.access.door import may
from kanal.core.access.grants import grants_of
from kanal.core.entity import Entity
from kanal.core.fields import Field, fields_of
from kanal.core.models import FieldRule, FieldVisibility
from kanal.core.remembered import remembered


@remembered
def limited_fields(entity_key: str) -> dict[str, FieldVisibility]:
    """Read which fields are shown to some only."""
    return {row.field: row for row in FieldVisibility.objects.filter(entity=entity_key)}


@remembered
def field_rules(entity_key: str) -> list[FieldRule]:
    """Read the rules by role and status."""
    return list(FieldRule.objects.filter(entity=entity_key))


def sees(user: Any, limit: FieldVisibility | None) -> bool:
    """Tell whether a user is among those to whom a field is shown."""
    if limit is None or user is None or grants_of(user).is_admin:
        return True
    if user.pk in limit.users or user.user_type in limit.user_types:
        return True
    return bool(set(limit.groups) & set(user.group_ids()))


def readable_fields(user: Any, entity: Entity) -> dict[str, Field]:
    """Give the fields that the user may read, by key; a field that is not here is absent everywhere.

    What a record is called is seen by everybody who sees the record, so it can't be limited.
    """
    limits = limited_fields(entity.key)
    fields = fields_of(entity)
    if any(field.is_secret for field in fields.values()) and user is not None and not may(user, entity, "edit"):
        fields = {key: field for key, field in fields.items() if not field.is_secret}
    if not limits:
        return fields
    named = ("id", entity.title)
    return {key: field for key, field in fields.items() if key in named or sees(user, limits.get(key))}


def writable_fields(user: Any, entity: Entity, status: str | None = None) -> dict[str, Field]:
    """Give the fields that the user may write on a record with this status, with what is required there."""
    modes = modes_for(user, entity, status)
    found = {}
    for key, field in readable_fields(user, entity).items():
        mode = modes.get(key)
        if field.read_only or mode in (FieldRule.Mode.READ_ONLY, FieldRule.Mode.HIDDEN):
            continue
        found[key] = field.but(required=True) if mode == FieldRule.Mode.REQUIRED else field
    return found


def modes_for(user: Any, entity: Entity, status: str | None) -> dict[str, str]:
    """Give what the rules make of each field for a user and a status; the strictest rule wins."""
    rules = field_rules(entity.key)
    if not rules:
        return {}
    roles = grants_of(user).role_ids if user is not None else frozenset()
    order: list[str] = [FieldRule.Mode.REQUIRED, FieldRule.Mode.READ_ONLY, FieldRule.Mode.HIDDEN]
    found: dict[str, str] = {}
    for rule in rules:
        if rule.status not in ("", status) or (rule.role_id and rule.role_id not in roles):
            continue
        if rule.field not in found or order.index(rule.mode) > order.index(found[rule.field]):
            found[rule.field] = rule.mode
    return found
