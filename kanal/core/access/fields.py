"""Field access beyond one type: fields used by parts of pages, a record by id, all hidden fields."""

from typing import Any

from kanal.core.access.field_context import FieldContext
from kanal.core.access.field_rules import limited_types
from kanal.core.entity import Entity
from kanal.core.fields import Field, fields_of


def reads_all(user: Any, tells: tuple[str, ...] | None) -> bool:
    """Return whether a user can read some fields, named as `quotes.value`, on all records."""
    from kanal.core import registry

    contexts: dict[str, FieldContext] = {}
    for name in tells or ():
        key, _dot, field = name.partition(".")
        entity = registry.find(key)
        if entity is None:
            continue
        context = contexts.setdefault(key, FieldContext(user, entity))
        if field not in context.askable:
            return False
    return True


def hidden_fields(user: Any) -> tuple[str, ...]:
    """Return the names of fields that a user can't read on all records, as `quotes.value`."""
    from kanal.core import registry

    if user is None:
        return ()
    hidden: set[str] = set()
    for entity in filter(None, map(registry.find, limited_types())):
        askable = FieldContext(user, entity).askable
        hidden |= {f"{entity.key}.{key}" for key in fields_of(entity).keys() - askable.keys()}
    return tuple(sorted(hidden))


def fields_on(user: Any, entity: Entity, pk: int) -> dict[str, Field]:
    """Return the fields that the user may read on one record. If it is gone, omit those hidden at any status."""
    fields = FieldContext(user, entity).readable
    masks = [field.mask for field in fields.values() if field.mask is not None]
    if not masks:
        return fields
    row = entity.model._default_manager.filter(pk=pk).values(*masks[0].status.columns()).first()
    return {
        key: field
        for key, field in fields.items()
        if field.mask is None or (row is not None and not field.mask.hides_in(row))
    }
