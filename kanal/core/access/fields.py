"""Which fields of a type a user may read, and which they may write (ACC-6, CF-2, FORM-2)."""

from typing import Any

from kanal.core.access.permissions import permissions_of
from kanal.core.access.queryset import has_permission
from kanal.core.cache import cached
from kanal.core.entity import Entity
from kanal.core.fields import Field, fields_of
from kanal.core.fields.field import Mask
from kanal.core.models import FieldRule, FieldVisibility

ALWAYS = ""


@cached
def limited_fields(entity_key: str) -> dict[str, FieldVisibility]:
    """Read which fields are shown to some only."""
    return {row.field: row for row in FieldVisibility.objects.filter(entity=entity_key)}


@cached
def field_rules(entity_key: str) -> list[FieldRule]:
    """Read the rules by role and status."""
    return list(FieldRule.objects.filter(entity=entity_key))


def sees(user: Any, limit: FieldVisibility | None) -> bool:
    """Return whether a user is among those to whom a field is shown."""
    if limit is None or user is None or permissions_of(user).is_admin:
        return True
    if user.pk in limit.users or user.user_type in limit.user_types:
        return True
    return bool(set(limit.groups) & set(user.group_ids()))


def readable_fields(user: Any, entity: Entity) -> dict[str, Field]:
    """Return the fields that the user may read, by key; a field that is not here is absent everywhere.

    What a record is called is seen by everybody who sees the record, so it can't be limited. A field that is hidden at
    some statuses is here with a mask, by which it reads as nothing on the records that have them.
    """
    limits = limited_fields(entity.key)
    fields = fields_of(entity)
    if (
        any(field.is_secret for field in fields.values())
        and user is not None
        and not has_permission(user, entity, "edit")
    ):
        fields = {key: field for key, field in fields.items() if not field.is_secret}
    hidden = hidden_at(user, entity)
    if not limits and not hidden:
        return fields
    always = ("id", entity.title)
    visible = {key: field for key, field in fields.items() if key in always or sees(user, limits.get(key))}
    readable = {key: field for key in visible if (field := masked(entity, visible[key], hidden)) is not None}
    derived = {key for key, sources in entity.tells_of.items() if not set(sources) <= readable.keys()}
    return {key: field for key, field in readable.items() if key not in derived}


def reads_all(user: Any, tells: tuple[str, ...] | None) -> bool:
    """Return whether a user reads all of some fields, named as `quotes.value`, wherever they stand."""
    from kanal.core import registry

    for name in tells or ():
        key, _dot, field = name.partition(".")
        entity = registry.find(key)
        if entity is not None and field not in askable_fields(user, entity):
            return False
    return True


@cached
def limited_types() -> tuple[str, ...]:
    """Read which types have fields that are hidden from somebody."""
    limits = FieldVisibility.objects.order_by().values_list("entity")
    hidden = FieldRule.objects.order_by().filter(mode=FieldRule.Mode.HIDDEN).values_list("entity")
    return tuple(sorted({row[0] for row in limits.union(hidden)}))


def hidden_fields(user: Any) -> tuple[str, ...]:
    """Name the fields that a user does not read on all records, as `quotes.value`."""
    from kanal.core import registry

    if user is None:
        return ()
    hidden = set()
    for entity in filter(None, map(registry.find, limited_types())):
        hidden |= {f"{entity.key}.{key}" for key in fields_of(entity).keys() - askable_fields(user, entity).keys()}
    return tuple(sorted(hidden))


def askable_fields(user: Any, entity: Entity) -> dict[str, Field]:
    """Return the fields that may be filtered, sorted, grouped and summed by: none that is hidden on some records."""
    return {key: field for key, field in readable_fields(user, entity).items() if field.mask is None}


def fields_on(user: Any, entity: Entity, pk: int) -> dict[str, Field]:
    """Return the fields that the user may read on one record as it is; without those hidden anywhere if it is gone."""
    fields = readable_fields(user, entity)
    masks = [field.mask for field in fields.values() if field.mask is not None]
    if not masks:
        return fields
    row = entity.model._default_manager.filter(pk=pk).values(*masks[0].status.columns()).first()
    return {
        key: field
        for key, field in fields.items()
        if field.mask is None or (row is not None and not field.mask.hides_in(row))
    }


def masked(entity: Entity, field: Field, hidden: dict[str, frozenset[str]]) -> Field | None:
    """Return a field with its mask; None where it is hidden at every status, the field itself where at none."""
    keys = frozenset().union(*(hidden.get(key, ()) for key in (field.key, *entity.tells_of.get(field.key, ()))))
    if not keys or field.key in ("id", entity.title):
        return field
    status = fields_of(entity).get(entity.listing.status)
    if ALWAYS in keys:
        return None
    return field.but(mask=Mask(status, keys)) if status is not None else field


def hidden_at(user: Any, entity: Entity) -> dict[str, frozenset[str]]:
    """Return at which statuses the rules hide fields from the user, by field (FORM-2)."""
    rules = field_rules(entity.key)
    if not rules or user is None:
        return {}
    statuses_by_field: dict[str, frozenset[str]] = {}
    for rule in rules:
        if rule.mode == FieldRule.Mode.HIDDEN and holds_for(rule, user):
            statuses_by_field[rule.field] = statuses_by_field.get(rule.field, frozenset()) | {rule.status}
    return statuses_by_field


def holds_for(rule: FieldRule, user: Any) -> bool:
    """Return whether a rule is for everybody or for a role that the user has."""
    return not rule.role_id or (user is not None and rule.role_id in permissions_of(user).role_ids)


def writable_fields(user: Any, entity: Entity, status: str | None = None) -> dict[str, Field]:
    """Return the fields that the user may write on a record with this status, with what is required there."""
    modes = modes_for(user, entity, status)
    writable = {}
    for key, field in readable_fields(user, entity).items():
        mode = modes.get(key)
        if field.read_only or mode in (FieldRule.Mode.READ_ONLY, FieldRule.Mode.HIDDEN):
            continue
        writable[key] = field.but(required=True) if mode == FieldRule.Mode.REQUIRED else field
    return writable


def modes_for(user: Any, entity: Entity, status: str | None) -> dict[str, str]:
    """Return what the rules make of each field for a user and a status; the strictest rule wins."""
    rules = field_rules(entity.key)
    if not rules:
        return {}
    order: list[str] = [FieldRule.Mode.REQUIRED, FieldRule.Mode.READ_ONLY, FieldRule.Mode.HIDDEN]
    modes_by_field: dict[str, str] = {}
    for rule in rules:
        if rule.status not in (ALWAYS, status) or not holds_for(rule, user):
            continue
        if rule.field not in modes_by_field or order.index(rule.mode) > order.index(modes_by_field[rule.field]):
            modes_by_field[rule.field] = rule.mode
    return modes_by_field
