"""Create, change and delete one record."""

from collections.abc import Mapping
from copy import deepcopy
from typing import Any

from django.db import DataError, IntegrityError, models, transaction
from django.db.models.deletion import ProtectedError, RestrictedError
from django.utils import timezone
from django.utils.translation import gettext as _

from kanal.core import access, locks
from kanal.core.access.shortcuts import read_one
from kanal.core.actor import Actor
from kanal.core.cache import invalidate
from kanal.core.entity import Entity
from kanal.core.fields import CleanContext, fields_of
from kanal.core.transitions import require_action
from kanal.core.writes import owners
from kanal.core.writes.checks import changed_keys, clean_values
from kanal.core.writes.constraints import explain_violation, refusal_of_deletion, unfit
from kanal.core.writes.derived import derive
from kanal.core.writes.presets import preset_of
from kanal.core.writes.required import require_fields
from kanal.core.writes.revisions import changed_since
from kanal.core.writes.search_sync import remove_from_search, update_search
from kanal.kit.errors import Conflict, Invalid, NotAllowed


@transaction.atomic
def create(entity: Entity, values: Mapping[str, Any], *, by: Actor, context: CleanContext | None = None) -> Any:
    """Create a record from cleaned or raw values. Raise Invalid, NotAllowed or Refused.

    Missing values come from the type's `initial`, then from the columns' defaults.
    """
    if not by.skips_permission_checks:
        access.require(by.user, entity, "add")
    cleaned = clean_values(entity, {**preset_of(entity, by, values), **values}, by=by, context=context)
    record = entity.model(created_by_id=by.user_id)
    assign(entity, record, cleaned)
    persist(entity, record, set(cleaned), by)
    if not by.skips_permission_checks:
        require_place(entity, record, by)
    return record


def require_place(entity: Entity, record: Any, by: Actor) -> None:
    """Raise NotAllowed if the actor may not add records in the project or to the parent record (ACC-2, 8)."""
    if entity.scope.parent:
        access.require(by.user, entity, "add", record)
    elif outside_projects(entity, record, by) and not access.has_permission(by.user, entity, "view", record):
        raise NotAllowed(_("You are not permitted to add records to this project."))
    elif outside_partner(entity, by) and not access.has_permission(by.user, entity, "view", record):
        raise NotAllowed(_("Records you add must belong to your partner."))


def outside_partner(entity: Entity, by: Actor) -> bool:
    """Return whether a new record may be invisible to its author, a partner user."""
    return by.user is not None and by.user.is_external and bool(entity.scope.partner)


def outside_projects(entity: Entity, record: Any, by: Actor) -> bool:
    """Return whether the actor may not add records to the record's project."""
    if not entity.scope.project:
        return False
    allowed = access.permissions_of(by.user).projects_for(entity.key, "add")
    return allowed is not None and getattr(record, entity.scope.project) not in allowed


def change(
    record: Any, values: Mapping[str, Any], *, by: Actor, expected: int | None = None,
    context: CleanContext | None = None,
    held: bool = False,
) -> Any:  # fmt: skip
    """Change some fields of a record and return the updated record.

    `expected` is the revision that the editor saw. After concurrent changes, Conflict reports them (FORM-3).
    `held`: the access layer returned this record for editing, locked, in the current transaction.
    """
    entity = entity_of(record)
    with transaction.atomic(savepoint=not held):
        current = record if held else lock_record(entity, record, by)
        context = context or access.clean_context(by.user)
        cleaned = clean_values(entity, values, by=by, record=current, context=context)
        changed = changed_keys(entity, current, cleaned, context)
        if expected is not None and expected != current.revision and changed:
            raise Conflict(changed_since(entity, current, expected, by), current.revision)
        if not changed:
            return current
        guard(entity, current, changed, by)
        before, stored = owners.owner_ids(current), columns_of(current)
        assign(entity, current, {key: cleaned[key] for key in changed})
        persist(entity, current, changed, by, stored=stored)
        owners.spread_moved(entity, current, before)
        if entity.scope.project.removesuffix("_id") in changed and not by.skips_permission_checks:
            require_place(entity, current, by)
    return current


def delete(record: Any, *, by: Actor) -> None:
    """Delete a record. The history retains all of it. Raise Refused if it has dependents."""
    entity = entity_of(record)
    with transaction.atomic():
        current = lock_record(entity, record, doomed=True)
        if not by.skips_permission_checks:
            access.require(by.user, entity, "delete", current)
        guard(entity, current, {"*"}, by)
        by.set_on_connection()
        remove_from_search(entity, current.pk)
        try:
            current.delete()
        except (ProtectedError, RestrictedError):
            raise refusal_of_deletion(entity, [current.pk]) from None
        if entity.rules.gone:
            entity.rules.gone(current, by)
    forget_choices(entity)


def update_system_fields(record: Any, *, by: Actor, **columns: Any) -> None:
    """Write columns that aren't on any form (a lock, a date of sale), with history like any change."""
    entity = entity_of(record)
    with transaction.atomic():
        current = lock_record(entity, record)
        before, stored = owners.owner_ids(current), columns_of(current)
        for name, value in columns.items():
            setattr(current, name, value)
            setattr(record, name, value)
        persist(entity, current, {name.removesuffix("_id") for name in columns}, by, stored=stored)
        owners.spread_moved(entity, current, before)
        record.revision = current.revision


def entity_of(record: Any) -> Entity:
    """Return the record's type."""
    from kanal.core import registry

    entity = registry.of(record)
    assert entity is not None, f"{type(record).__name__} is no registered record type"
    return entity


def lock_record(entity: Entity, given: Any, editor: Actor | None = None, *, doomed: bool = False) -> Any:
    """Reload and lock a record, after its parents, until the end of the transaction.

    Raise NotAllowed if the editor may not change it.
    """
    asks = editor is not None and not editor.skips_permission_checks
    locks.lock_family(entity, [given.pk], [given])
    user = editor.user if editor else None
    record = read_one(user, entity, given.pk, None, "edit" if asks else "", lock=True, doomed=doomed)
    know_status(entity, record)
    return record


def know_status(entity: Entity, record: Any) -> None:
    """Set the cached status on the record, as rules access it at every change."""
    field = fields_of(entity).get(entity.listing.status)
    if field is not None and field.has_rows:
        column = record._meta.get_field(field.column)
        rows = {row.pk: row for row in field.table.rows(field.group)}
        if (pk := getattr(record, column.attname)) in rows:
            column.set_cached_value(record, rows[pk])


def guard(entity: Entity, record: Any, changed: set[str], by: Actor) -> None:
    """Check the app's rule on whether the record's state allows the change."""
    if entity.rules.guard:
        entity.rules.guard(record, changed, by)


def assign(entity: Entity, record: Any, cleaned: Mapping[str, Any]) -> None:
    """Set cleaned values on the record. Links are pending until it is stored."""
    fields = fields_of(entity)
    for key, value in cleaned.items():
        fields[key].set(record, value)
    record.pending_links = {
        fields[key]: value for key, value in cleaned.items() if fields[key].type.category == "relations"
    }


def columns_of(record: Any) -> dict[str, Any]:
    """Return the column values of a stored record, to detect changes later."""
    columns = [
        column.attname for column in record._meta.concrete_fields if not (column.primary_key or column.generated)
    ]
    values = {name: getattr(record, name) for name in columns}
    return {name: deepcopy(value) if isinstance(value, dict | list) else value for name, value in values.items()}


def persist(
    entity: Entity, record: Any, changed: set[str], by: Actor, *, stored: Mapping[str, Any] | None = None
) -> None:
    """Derive and validate values, save, store links, and do the other work of the same transaction.

    `stored` are the previous columns, None for a new record.
    """
    derive_and_validate(entity, record, changed, by, stored)
    altered = {name for name, value in (stored or {}).items() if getattr(record, name) != value}
    if stored is None or is_other_owner(entity, record, changed | altered):
        set_owners(entity, record)
        altered.add("owner_ids")
    with transaction.atomic(savepoint=False):
        by.set_on_connection()
        save(record, None if stored is None else altered & stored.keys())
        store_links(record, is_new=stored is None)
        if entity.rules.after:
            entity.rules.after(record, changed, by)
        update_search(entity, record, changed | altered | ({entity.title} if stored is None else set()))
    forget_choices(entity)


def derive_and_validate(
    entity: Entity, record: Any, changed: set[str], by: Actor, stored: Mapping[str, Any] | None = None
) -> None:
    """Compute derived values. Raise Invalid if values are inconsistent, Refused for a status."""
    derive(entity, record, changed)
    require_action(entity, record, stored, by)
    require_fields(entity, record, stored, by)
    errors: dict[str, list] = {}
    if entity.rules.check:
        entity.rules.check(record, errors)
    if errors:
        raise Invalid(errors)


def is_other_owner(entity: Entity, record: Any, changed: set[str]) -> bool:
    """Return whether a change affects the owners of a stored record."""
    names = {*entity.scope.owners, *entity.scope.inherits}
    return bool(record.__dict__.get("pending_links") or changed & {*names, *(f"{name}_id" for name in names)})


def set_owners(entity: Entity, record: Any) -> None:
    """Set a record's owners before it is stored. They are derived, so the history omits them."""
    if hasattr(record, "owner_ids"):
        record.owner_ids = owners.owners_of(entity, record)


def save(record: Any, altered: set[str] | None) -> None:
    """Insert a new row (`altered` is None), or update differing columns. Convert a violated constraint to an error."""
    named: dict[str, Any] = {"force_insert": True}
    if altered is not None:
        record.revision += 1
        named = {"force_update": True, "update_fields": [*sorted(altered), "revision", "updated_at"]}
    record.updated_at = timezone.now()
    try:
        with transaction.atomic(savepoint=False):
            models.Model.save(record, **named)
    except IntegrityError as problem:
        raise explain_violation(type(record), problem) from None
    except DataError as problem:
        raise unfit(problem) from None


def store_links(record: Any, *, is_new: bool) -> None:
    """Store the pending links of a saved record. A new one has no existing links to query."""
    for field, ids in record.__dict__.pop("pending_links", {}).items():
        links = getattr(record, field.column)
        if not is_new:
            links.set(ids)
        elif ids:
            links.add(*ids)


def forget_choices(entity: Entity) -> None:
    """Clear the cache after a change of a lookup type."""
    if entity.is_lookup:
        invalidate()
