"""Statuses that a record enters or leaves only through an action (SOLD-1, OPP-5, LEAD-6, CAMP-4), on every channel."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from kanal.core.action import Action
from kanal.core.actor import Actor, ChangeSource
from kanal.core.entity import Entity
from kanal.core.fields import Field, fields_of
from kanal.kit.errors import ActionNeeded


def actions_of(entity: Entity) -> list[Action]:
    """Return the actions that changes of status require."""
    from kanal.core import registry

    return [action for action in registry.actions(entity) if action.reaches or action.leaves]


def status_field(entity: Entity) -> Field | None:
    """Return the status field of a type with such actions, or None."""
    field = fields_of(entity).get(entity.listing.status) if entity.listing.status else None
    return field if field is not None and actions_of(entity) else None


def kinds_of(field: Field) -> dict[str, str]:
    """Return the kind of each status by key. Without a kind, it is the key itself."""
    if field.has_rows:
        return {row.key: getattr(row, "kind", row.key) for row in field.table.rows(field.group)}
    return {option.key: option.key for option in field.options()}


def needed_action(entity: Entity, before: str, after: str) -> Action | None:
    """Return the action that leads from one kind of status to another, or None if a plain change does."""
    if before == after:
        return None
    actions = actions_of(entity)
    reaching = next((action for action in actions if after in action.reaches), None)
    return reaching or next((action for action in actions if before in action.leaves), None)


def require_action(entity: Entity, record: Any, stored: Mapping[str, Any] | None, by: Actor) -> None:
    """Raise ActionNeeded if a record's new status requires an action that isn't in progress.

    `stored` are the previous columns. A new record has none, and seeds may create it with any status.
    """
    field = status_field(entity)
    if field is None or (stored is None and by.user is None and by.means == ChangeSource.SYSTEM):
        return
    column = entity.model._meta.get_field(field.column).attname
    if stored is not None and stored.get(column) == getattr(record, column):
        return
    kinds, status = kinds_of(field), field.get(record) or ""
    before = kinds.get(key_before(field, stored, column), "")
    action = needed_action(entity, before, kinds.get(status, ""))
    if action is None or by.verb in verbs_for(entity, before, kinds.get(status, "")):
        return
    raise ActionNeeded(
        reason_for(field, status, action, is_new=stored is None),
        entity=entity.key, record=record.pk, verb=action.verb, label=action.label, status=status,
    )  # fmt: skip


def verbs_for(entity: Entity, before: str, after: str) -> set[str]:
    """Return the actions that permit this change of status."""
    actions = actions_of(entity)
    reaching = {action.verb for action in actions if after in action.reaches}
    return reaching or {action.verb for action in actions if before in action.leaves}


def key_before(field: Field, stored: Mapping[str, Any] | None, column: str) -> str:
    """Return the key of the previous status in the column."""
    value = stored.get(column) if stored else None
    return str((field.table.key_of(value) if field.has_rows else value) or "")


def reason_for(field: Field, status: str, action: Action, *, is_new: bool) -> str:
    """Return a message that names the action for the status."""
    names = {option.key: option.label for option in field.options()}
    words = {"status": names.get(status, status), "action": action.label}
    if is_new:
        return _("A new record can't have the status “%(status)s”: use “%(action)s” to set it.") % words
    return _("Use “%(action)s” to change the status to “%(status)s”.") % words


def without_unreachable(entity: Entity, field: Field, record: Any = None) -> Field:
    """Return a status field that only offers statuses reachable by a plain change. Other fields are unchanged."""
    own = status_field(entity)
    if own is None or field.key != own.key:
        return field
    kinds = kinds_of(own)
    current = own.get(record) if record is not None else None
    before = kinds.get(current or "", "")
    blocked = {key for key, kind in kinds.items() if key != current and needed_action(entity, before, kind)}
    return field.but(not_offered=frozenset(blocked))


def why_not_given(entity: Entity, status: str | None) -> str:
    """Return why a setting can't assign this status to records (only an action reaches it), or an empty text."""
    field = status_field(entity)
    action = needed_action(entity, "", kinds_of(field).get(status, "")) if field is not None and status else None
    if field is None or action is None or status is None:
        return ""
    return reason_for(field, status, action, is_new=True)
