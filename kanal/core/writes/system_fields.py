"""Columns that aren't on any form, written to many records with one statement per set of columns."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction

from kanal.core import locks
from kanal.core.actor import Actor
from kanal.core.entity import Entity
from kanal.core.fields import fields_of
from kanal.core.writes import owners, single, sql
from kanal.core.writes.bulk_update import Plan, Planned, propagate_changes, with_choices
from kanal.kit.errors import NotFound

Touch = tuple[Any, Mapping[str, Any]]


@transaction.atomic
def bulk_update_system_fields(touches: Sequence[Touch], *, by: Actor, held: bool = False) -> None:
    """Write each record's own system columns to records of one type, as `single.update_system_fields` does for one.

    `held`: they were read and locked in the current transaction, and include all writes since.
    """
    if not touches:
        return
    entity = single.entity_of(touches[0][0])
    if entity.rules.after:
        for record, columns in touches:
            single.update_system_fields(record, by=by, **columns)
        return
    rows = {record.pk: record for record, _columns in touches}
    if not held:
        rows = lock_records(entity, list(rows.values()))
    planned = [planned_update(entity, rows[record.pk], columns, by) for record, columns in touches]
    moved = owners.settle_owners(entity, {entry.row: entry.columns for entry in planned})
    plan = Plan()
    for change in planned:
        plan.put(change)
    by.set_on_connection()
    for names, group in plan.groups.items():
        sql.update_rows(entity, names, group)
    propagate_changes(entity, plan, moved)
    for record, columns in touches:
        apply_columns(record, columns, rows[record.pk].revision + 1)


@transaction.atomic
def update_system_links(record: Any, name: str, ids: Sequence[int], *, by: Actor) -> None:
    """Set a record's links of a field, without checking permission or state."""
    entity = single.entity_of(record)
    current = single.lock_record(entity, record)
    before, stored = owners.owner_ids(current), single.columns_of(current)
    current.pending_links = {fields_of(entity)[name]: ids}
    single.persist(entity, current, {name}, by, stored=stored)
    owners.spread_moved(entity, current, before)


def lock_records(entity: Entity, records: Sequence[Any]) -> dict[int, Any]:
    """Reload and lock records until the end of the transaction, after their parents and by ascending id."""
    ids = [record.pk for record in records]
    locks.lock_family(entity, ids, records)
    queryset = entity.model._default_manager.filter(pk__in=ids)
    rows = {row.pk: row for row in locks.lock(with_choices(entity, queryset))}
    if len(rows) < len(set(ids)):
        raise NotFound
    return rows


def planned_update(entity: Entity, row: Any, columns: Mapping[str, Any], by: Actor) -> Planned:
    """Set columns on a locked record without saving it."""
    before = single.columns_of(row)
    for name, value in columns.items():
        setattr(row, name, value)
    single.derive_and_validate(entity, row, {name.removesuffix("_id") for name in columns}, by, before)
    differing = {name: getattr(row, name) for name, value in before.items() if getattr(row, name) != value}
    return Planned(row, {}, set(columns), differing)


def apply_columns(record: Any, columns: Mapping[str, Any], revision: int) -> None:
    """Set the written values on the caller's record."""
    for name, value in columns.items():
        setattr(record, name, value)
    record.revision = revision
