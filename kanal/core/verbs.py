"""Inputs that a user may pass to an action: the field rules apply as in a form (FORM-2)."""

from typing import Any

from django.utils.translation import gettext as _

from kanal.core.access.field_context import FieldContext
from kanal.core.action import Action
from kanal.core.entity import Entity
from kanal.core.fields import Field, fields_of
from kanal.core.fields.from_model import model_field
from kanal.kit.errors import Refused


def input_fields(entity: Entity, action: Action) -> tuple[Field, ...]:
    """Return the fields of an action's dialog."""
    model = action.dialog.model or entity.model
    return tuple(
        model_field(model, entry).but(read_only=False) if isinstance(entry, str) else entry
        for entry in action.dialog.inputs
    )


def inputs_of(user: Any, entity: Entity, action: Action, record: Any) -> tuple[Field, ...]:
    """Return the inputs of an action on a record, without fields that the user may not write there.

    Raise Refused if the action requires such a field.
    """
    inputs, closed = input_fields(entity, action), FieldContext.of_record(user, entity, record).closed
    if not closed:
        return inputs
    needed = {action.dialog.pick_as, entity.listing.status, *(field.key for field in inputs if field.required)}
    asked = {action.dialog.pick_as, *(field.key for field in inputs)}
    if wrong := sorted(closed & needed & asked):
        label = fields_of(entity)[wrong[0]].label
        raise Refused(_("The field “%(field)s” can't be changed at this status.") % {"field": label})
    return tuple(field for field in inputs if field.key not in closed)


def why_not(user: Any, action: Action, record: Any) -> Any:
    """Return why an action isn't possible on a record or for this user, or nothing if it is."""
    return (action.state(record, user) if action.state else None) or action.why_hidden(record, user)


def require_possible(user: Any, action: Action, record: Any) -> None:
    """Raise Refused if an action isn't possible on a record or for this user."""
    if reason := why_not(user, action, record):
        raise Refused(reason)
