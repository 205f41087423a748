"""What the rules by role and status require of a record that gets a status, on every way that leads there (FORM-2)."""

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
    """Return the fields that have to be filled in where a user gives a record a status; none that they can't see.

    A field that no form offers can be filled in by a verb alone, so it is required of verbs alone.
    """
    fields = fields_of(allowed.entity)
    return [fields[key] for key in allowed.required if verb or not fields[key].read_only]


def is_missing(field: Field, value: Any) -> bool:
    """Return whether a value is what a required field may not hold; no is an answer too."""
    return value in (None, "", []) and field.type.category != "boolean"


def message_for(field: Field) -> str:
    """Say that a field is required."""
    return _("“%(field)s” is required at this status.") % {"field": field.label}


def require_fields(entity: Entity, record: Any, stored: Mapping[str, Any] | None, by: Actor) -> None:
    """Raise Invalid where a record gets a status at which a field is required that holds nothing, by a verb too.

    `stored` holds the columns as they stood before; a new record has none. What the system does asks for nothing.
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
    """Read a value that is about to be stored, links that wait for it too."""
    return sorted(linked(record, field.column)) if field.links is not None else field.get(record)
