"""Redirects references from one record to another, in one transaction, with each record's rules and history.

Referencing records are written like system fields: dependent values are derived and checked, but permissions
and the state of a record (such as a lock) aren't. Rows that aren't records are updated, or deleted if the target
already has them, such as a favorite.
"""

from collections.abc import Callable
from functools import singledispatch
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from kanal.core import locks, registry, settings, writes
from kanal.core.access.materialized import rebuild_grants
from kanal.core.actor import Actor
from kanal.core.cache import invalidate
from kanal.core.entity import Entity
from kanal.core.fields import fields_of
from kanal.core.models import RecordAlias
from kanal.core.query.json import to_json
from kanal.core.references.columns import (
    ArrayReference,
    CustomReference,
    FilterReference,
    ForeignKeyReference,
    JsonReference,
    LinkReference,
    PairReference,
    Policy,
    Reference,
    SettingReference,
    parsed,
    references_of,
    with_other_id,
)
from kanal.kit.errors import Refused

CHUNK = 500
MOST_PASSES = 4
VERB = "reassign"


@transaction.atomic
def reassign(
    source: Any, target: Any, *, by: Actor, only: Callable[[Reference], bool] = lambda reference: True
) -> dict[str, int]:
    """Redirect references from a record to another of its type. Return the number of moved rows by column.

    `only` selects columns. Raise Refused for records of different types and if a rule keeps a record where it is,
    Invalid if a rule forbids its new value, NotFound if one of the two is gone.
    """
    entity = registry.of(source)
    if entity is None or registry.of(target) is not entity or source.pk == target.pk:
        raise Refused(_("Choose two different records of the same type."))
    lock_both(entity, source.pk, target.pk)
    by = by if by.verb else by.within_action(VERB)  # permitted: by the action that reassigns
    chosen = [each for each in references_of(entity) if each.policy == Policy.MOVES and only(each)]
    moved = move_all(chosen, entity, source.pk, target.pk, by)
    if moved.get("core.assignment.user") or moved.get("core.assignment.project"):
        rebuild_grants()
    invalidate()
    return moved


def move_all(references: list[Reference], entity: Entity, old: int, new: int, by: Actor) -> dict[str, int]:
    """Move the rows of some columns. Return the number of rows by column.

    A column derived from another record, such as the project of an activity, is reset as long as that one
    hasn't moved, so passes are repeated while any row is left. Raise Refused if the last pass leaves some.
    """
    moved: dict[str, int] = {}
    for _pass in range(MOST_PASSES):
        by.set_on_connection()
        counts = {each.key: move_rows(each, entity, old, new, by) for each in references}
        if not any(counts.values()):
            return moved
        moved |= {key: max(count, moved.get(key, 0)) for key, count in counts.items() if count}
    left = {str(each.model._meta.verbose_name_plural) for each in references if each.rows(entity, old).exists()}
    if left:
        raise Refused(_("These can't be reassigned: %(types)s.") % {"types": ", ".join(sorted(left))})
    return moved


def replace_record(source: Any, target: Any, *, by: Actor) -> None:
    """Delete a record after redirecting its references to another one, which also gets its old address."""
    entity, old_id = registry.of(source), source.pk
    assert entity is not None
    with transaction.atomic():
        lock_both(entity, source.pk, target.pk, doomed=True)
        reassign(source, target, by=by)
        writes.delete(source, by=by)
        RecordAlias.objects.create(entity=entity.key, old_id=old_id, record_id=target.pk)  # direct write: not a record


def lock_both(entity: Entity, old: int, new: int, *, doomed: bool = False) -> None:
    """Lock two records in the order of all locks. Raise NotFound if one is gone.

    `doomed`: the old one will be deleted, so nobody else may begin to reference it.
    """
    locks.lock_family(entity, [old, new])
    for pk in sorted((old, new)):
        locks.lock_one(entity.model._default_manager.all(), pk, doomed=doomed and pk == old)


def move_rows(reference: Reference, entity: Entity, old: int, new: int, by: Actor) -> int:
    """Move all rows of one column and return their number. Rows that others move concurrently are skipped."""
    ids, moved = list(reference.rows(entity, old).order_by("pk").values_list("pk", flat=True)), 0
    for start in range(0, len(ids), CHUNK):
        chunk = ids[start : start + CHUNK]
        if reference.entity is not None:
            locks.lock_family(reference.entity, chunk)
        if rows := locks.lock(reference.rows(entity, old).filter(pk__in=chunk)):
            move(reference, rows, entity, old, new, by)
        moved += len(rows)
    return moved


@singledispatch
def move(reference: Reference, rows: list[Any], entity: Entity, old: int, new: int, by: Actor) -> None:
    """Make some rows reference another record."""
    raise NotImplementedError(reference)


@move.register
def move_keys(reference: ForeignKeyReference, rows: list[Any], entity: Entity, old: int, new: int, by: Actor) -> None:
    """Move foreign keys. A record that would reference itself is set to None."""
    name = f"{reference.column}_id"
    if reference.entity is None:
        update_rows(rows, lambda row: row.delete(), **{name: new})  # direct write: not a record, and the target has it
        return
    touches = [(row, {name: None if reference.entity is entity and row.pk == new else new}) for row in rows]
    writes.bulk_update_system_fields(touches, by=by)


@move.register
def move_links(reference: LinkReference, rows: list[Any], entity: Entity, old: int, new: int, by: Actor) -> None:
    """Move links of records. Existing links to the target are kept."""
    for row in rows:
        linked = set(getattr(row, reference.column).values_list("pk", flat=True))
        writes.update_system_links(row, reference.column, sorted(linked - {old} | {new}), by=by)


@move.register
def move_pairs(reference: PairReference, rows: list[Any], entity: Entity, old: int, new: int, by: Actor) -> None:
    """Move rows that belong to a record. A name the target already has gets the row's id as prefix."""
    update_rows(rows, lambda row: update_row(row, record_id=new, name=f"{row.pk} {row.name}"[:200]), record_id=new)


@move.register
def move_ids(reference: ArrayReference, rows: list[Any], entity: Entity, old: int, new: int, by: Actor) -> None:
    """Replace an id in arrays."""
    for row in rows:
        ids = getattr(row, reference.column)
        update_row(row, **{reference.column: list(dict.fromkeys(new if pk == old else pk for pk in ids))})


@move.register
def move_json(reference: JsonReference, rows: list[Any], entity: Entity, old: int, new: int, by: Actor) -> None:
    """Replace an id in JSON."""
    for row in rows:
        store_column(reference, row, reference.replace(getattr(row, reference.column), old, new), by)


@move.register
def move_custom(reference: CustomReference, rows: list[Any], entity: Entity, old: int, new: int, by: Actor) -> None:
    """Replace an id in a custom field."""
    touches = [(row, {"custom": {**row.custom, reference.name: new}}) for row in rows]
    writes.bulk_update_system_fields(touches, by=by)


@move.register
def move_settings(reference: SettingReference, rows: list[Any], entity: Entity, old: int, new: int, by: Actor) -> None:
    """Replace an id in a setting."""
    settings.set_setting(reference.name, new)


@move.register
def move_filters(reference: FilterReference, rows: list[Any], entity: Entity, old: int, new: int, by: Actor) -> None:
    """Replace an id in stored filters."""
    for row in rows:
        over = reference.filtered_entity(row)
        assert over is not None
        tree = to_json(with_other_id(parsed(getattr(row, reference.column)), over, entity, str(old), str(new)))
        store_column(reference, row, tree, by)


def store_column(reference: Reference, row: Any, value: Any, by: Actor) -> None:
    """Store the value of a column of a record or another row."""
    if reference.entity is None:
        update_row(row, **{reference.column: value})
    else:
        writes.update_system_fields(row, by=by, **{reference.column: value})


def update_rows(rows: list[Any], resolve: Callable[[Any], Any], **values: Any) -> None:
    """Update rows that aren't records with one statement, or each alone if the target already has some of them.

    `resolve` is called for each row that would violate a uniqueness constraint.
    """
    try:
        update_together(rows, **values)
    except IntegrityError:
        for row in rows:
            try:
                update_together([row], **values)
            except IntegrityError:
                resolve(row)


@transaction.atomic
def update_together(rows: list[Any], **values: Any) -> None:
    """Update rows that aren't records. Raise IntegrityError."""
    records = type(rows[0])._default_manager.filter(pk__in=[row.pk for row in rows])
    records.update(**values)  # direct write: not a record


def update_row(row: Any, **values: Any) -> None:
    """Update one row that isn't a record."""
    update_together([row], **values)


def is_form_field(reference: Reference) -> bool:
    """Return whether a reference is a field editable by users, such as an assignee but not an author."""
    if isinstance(reference, CustomReference):
        return True
    entity = reference.entity
    field = fields_of(entity).get(reference.column) if entity else None
    return field is not None and not field.read_only
