"""The statements that write many records at once, their owners included; the checks are in bulk_update.py."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import DataError, IntegrityError, connection, models, transaction
from django.db.models import Expression, F, ProtectedError, Q, RestrictedError, prefetch_related_objects
from django.utils import timezone

from kanal.core import events, locks
from kanal.core.actor import Actor
from kanal.core.entity import Entity
from kanal.core.writes import single
from kanal.core.writes.constraints import explain, unfit
from kanal.core.writes.owners import owners_of

# Columns whose values go into the database as they stand, if they are of just this type.
AS_IT_STANDS = (
    (models.CharField, str), (models.TextField, str), (models.IntegerField, int), (models.BooleanField, bool),
    (models.ForeignKey, int),
)  # fmt: skip
DRAW_IDS = "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)"


def insert(model: Any, records: Sequence[Any]) -> None:
    """Insert new records by COPY, under ids that are drawn for them; a broken constraint is explained."""
    columns = [column for column in model._meta.concrete_fields if not column.generated]
    with_default = [column for column in columns if column.has_db_default()]
    try:
        with transaction.atomic(savepoint=False):
            if any(
                isinstance(getattr(record, column.attname), Expression) for record in records for column in with_default
            ):
                model._default_manager.bulk_create(records)
            else:
                copy(model, columns, records)
    except IntegrityError as problem:
        raise explain(model, problem) from None
    except DataError as problem:
        raise unfit(problem) from None


def copy(model: Any, columns: Sequence[Any], records: Sequence[Any]) -> None:
    """Write records as lines of a table."""
    table, quote = model._meta.db_table, connection.ops.quote_name
    named = ", ".join(quote(column.column) for column in columns)
    with connection.cursor() as cursor:
        cursor.execute(DRAW_IDS, [table, model._meta.pk.column, len(records)])
        for record, (pk,) in zip(records, cursor.fetchall(), strict=True):
            record.pk = pk
        with (
            connection.wrap_database_errors,
            cursor.copy(f"COPY {quote(table)} ({named}) FROM STDIN") as stream,
        ):
            kinds = [
                next((kind for column_type, kind in AS_IT_STANDS if isinstance(column, column_type)), None)
                for column in columns
            ]
            for record in records:
                stream.write_row([stored(column, kind, record) for column, kind in zip(columns, kinds, strict=True)])
    for record in records:
        record._state.adding, record._state.db = False, connection.alias


def stored(column: Any, kind: type | None, record: Any) -> Any:
    """Return what a new record has in a column, as the database takes it; one of this `kind` it takes as it is."""
    value = column.pre_save(record, add=True)
    return value if value is None or type(value) is kind else column.get_db_prep_save(value, connection)


def update_rows(entity: Entity, names: tuple[str, ...], changes: dict[int, dict[str, Any]]) -> None:
    """Write the same columns of several records by one statement, alike or each with its own values."""
    first = next(iter(changes.values()))
    alike = all(change == first for change in changes.values())
    try:
        with transaction.atomic():
            if alike:
                entity.model._default_manager.filter(pk__in=list(changes)).update(
                    **first, revision=F("revision") + 1, updated_at=timezone.now()
                )
            else:
                store_each(entity.model, names, changes)
    except IntegrityError as problem:
        raise explain(entity.model, problem) from None
    except DataError as problem:
        raise unfit(problem) from None


def store_each(model: Any, names: tuple[str, ...], changes: dict[int, dict[str, Any]], *, touch: bool = True) -> None:
    """Write to each record its own values, all by one statement; `touch` counts the revision up."""
    known = {column.attname: column for column in model._meta.concrete_fields}
    columns = [known[name] for name in names]
    quote = connection.ops.quote_name
    wanted = ", ".join(
        f"{quote(column.column)} = fresh.v{place}::{column.db_type(connection)}" for place, column in enumerate(columns)
    )
    row = f"({', '.join(['%s'] * (len(columns) + 1))})"
    wanted += ", revision = revision + 1, updated_at = %s" if touch else ""
    given: list[Any] = [timezone.now()] if touch else []
    for pk, values in sorted(changes.items()):
        given += [pk, *(column.get_db_prep_save(values[column.attname], connection) for column in columns)]
    names_of_values = ", ".join(["id", *(f"v{place}" for place in range(len(columns)))])
    statement = (
        f"UPDATE {quote(model._meta.db_table)} AS kept SET {wanted} "
        f"FROM (VALUES {', '.join([row] * len(changes))}) AS fresh ({names_of_values}) WHERE kept.id = fresh.id"
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, given)


def settle_owners(entity: Entity, changes: Mapping[Any, dict[str, Any]]) -> set[Any]:
    """Add the owners that follow to the changes of unsaved records; return the records whose owners changed.

    Records with links that wait to be stored are left out: they are written one by one.
    """
    if not hasattr(entity.model, "owner_ids"):
        return set()
    names = {f"{name}_id" for name in (*entity.scope.owners, *entity.scope.inherits)}
    rows = [row for row, changed in changes.items() if names & set(changed) and not row.__dict__.get("pending_links")]
    moved = {row for row, owners in owners_of_many(entity, rows).items() if owners != row.owner_ids}
    for row in moved:
        row.owner_ids = changes[row]["owner_ids"] = owners_of(entity, row)
    return moved


def owners_of_many(entity: Entity, rows: Sequence[Any]) -> dict[Any, list[int]]:
    """Return the owners of some records; members and parents are read by one query each."""
    many = {column.name for column in entity.model._meta.many_to_many}
    prefetch_related_objects(rows, *entity.scope.inherits, *(name for name in entity.scope.owners if name in many))
    return {row: owners_of(entity, row) for row in rows}


def spread_owners(entity: Entity, rows: Sequence[Any]) -> None:
    """Hand new owners on to the records that inherit them from these, and on to theirs (an account's people)."""
    from kanal.core import registry

    if not rows:
        return
    for child in registry.all_entities():
        names = [
            name for name in child.scope.inherits if child.model._meta.get_field(name).related_model is entity.model
        ]
        if names:
            below = Q(*((f"{name}__in", [row.pk for row in rows]) for name in names), _connector=Q.OR)
            children = locks.lock(child.model._default_manager.filter(below))
            spread_owners(child, store_owners(child, children))


def store_owners(entity: Entity, rows: Sequence[Any]) -> list[Any]:
    """Keep `owner_ids` of stored records true, which is no change in the history; return those that have others now."""
    fresh = {row: owners for row, owners in owners_of_many(entity, rows).items() if owners != row.owner_ids}
    if fresh:
        changes = {row.pk: {"owner_ids": owners} for row, owners in fresh.items()}
        store_each(entity.model, ("owner_ids",), changes, touch=False)
        for row, owners in fresh.items():
            row.owner_ids = owners
        events.dispatch_many("record.moved", list(fresh), entity=entity)
    return list(fresh)


def delete(entity: Entity, rows: Sequence[Any], by: Actor) -> None:
    """Delete some records with all that goes with them; raise Refused where others hang on one."""
    ids = [row.pk for row in rows]
    events.dispatch_many("record.deleted", ids, each="pk", entity=entity)
    try:
        entity.model._default_manager.filter(pk__in=ids).delete()
    except (ProtectedError, RestrictedError):
        raise single.refusal_of_deletion(entity, ids) from None
    if gone := entity.rules.gone:
        for row in rows:
            gone(row, by)
