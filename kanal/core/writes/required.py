"""The fields that rules by role and status require of a record entering a status, on every channel (FORM-2)."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from kanal.core.access.field_context import FieldContext
from kanal.core.actor import Actor
from kanal.core.entity import Entity
from kanal.core.fields import Field, fields_of
from kanal.core.writes.owners import linked
from kanal.kit.errors import Invalid


def required_fields(allowed: FieldContext, *, verb: str = "") -> list[Field]:
    """Return the fields required when a user sets a record's status, except those the user can't see.

    A field that isn't on any form can only be filled by an action, so only actions require it.
    """
    fields = fields_of(allowed.entity)
    return [fields[key] for key in allowed.required if verb or not fields[key].read_only]


def is_missing(field: Field, value: Any) -> bool:
    """Return whether a value is empty for a required field. False isn't empty."""
    return value in (None, "", []) and field.type.category != "boolean"


def message_for(field: Field) -> str:
    """Return the message that a field is required."""
    return _("“%(field)s” is required at this status.") % {"field": field.label}


def require_fields(entity: Entity, record: Any, stored: Mapping[str, Any] | None, by: Actor) -> None:
    """Raise Invalid if a record enters a status, by an action or otherwise, while a required field is empty.

    `stored` are the previous columns. A new record has none. The system isn't subject to this.
    """
    status = fields_of(entity).get(entity.listing.status)
    if by.user is None or status is None:
        return
    column = entity.model._meta.get_field(status.column).attname
    if stored is not None and stored.get(column) == getattr(record, column):
        return
    wanted = required_fields(FieldContext.of_record(by.user, entity, record), verb=by.verb)
    missing = [field for field in wanted if is_missing(field, pending_value(record, field))]
    if missing:
        raise Invalid({field.key: [message_for(field)] for field in missing})


def pending_value(record: Any, field: Field) -> Any:
    """Return a value about to be stored, including pending links."""
    return sorted(linked(record, field.column)) if field.links is not None else field.get(record)
