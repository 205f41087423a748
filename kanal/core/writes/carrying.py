"""Values that an action copies from existing records: their relations are kept, regardless of who runs the action.

A seller who wins a deal of a colleague's private account sells it to that account, though its name is hidden (ACC-5).
Values of custom fields that don't apply to the new record, for example at its status, are left out (CF-2).
"""

from collections.abc import Iterable, Mapping
from typing import Any

from kanal.core.access import clean_context
from kanal.core.actor import Actor
from kanal.core.entity import Entity
from kanal.core.fields import CleanContext, fields_of
from kanal.core.fields.choices import as_id
from kanal.core.writes.checks import unfold_custom


def carrying(entity: Entity, values: Mapping[str, Any], by: Actor) -> CleanContext:
    """Return a context that accepts the records referenced by these values, even if hidden from the actor.

    It also names the values, so that those that don't apply to the new record are left out rather than refused.
    """
    context = clean_context(by.user)
    context.cache["carried"] = unfold_custom(values)
    fields = fields_of(entity)
    for key, value in values.items():
        field = fields.get(key)
        if field is None or value in (None, "", []):
            continue
        if field.type.category == "relation":
            context.cache["record", field.target, as_id(value)] = True
        elif field.type.category == "relations":
            ids = tuple(dict.fromkeys(as_id(item) for item in value))
            context.cache["records", field.target, ids] = set(ids)
    return context


def copied_values(entity: Entity, record: Any, keys: Iterable[str]) -> dict[str, Any]:
    """Return the values for a copy of a record by field key: the given keys and custom fields, if not empty."""
    fields = fields_of(entity)
    wanted = [*keys, *(key for key, field in fields.items() if field.is_custom)]
    copied = {key: fields[key].get(record) for key in wanted}
    return {key: value for key, value in copied.items() if value not in (None, "", [])}
