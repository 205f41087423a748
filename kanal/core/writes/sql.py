"""The statements that write many records at once. The checks are in bulk_update.py."""

from collections.abc import Sequence
from typing import Any

from django.db import DataError, IntegrityError, connection, models, transaction
from django.db.models import Expression, F
from django.utils import timezone

from kanal.core import events
from kanal.core.actor import Actor
from kanal.core.entity import Entity
from kanal.core.writes.constraints import explain_violation, unfit

# Column types whose values are passed to the database unchanged if they have exactly this type.
AS_IT_STANDS = (
    (models.CharField, str), (models.TextField, str), (models.IntegerField, int), (models.BooleanField, bool),
    (models.ForeignKey, int),
)  # fmt: skip
DRAW_IDS = "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)"


def insert(model: Any, records: Sequence[Any]) -> None:
    """Insert new records with COPY, with ids drawn in advance. Convert a violated constraint to an error."""
    columns = [column for column in model._meta.concrete_fields if not column.generated]
    with_default = [column for column in columns if column.has_db_default()]
    try:
        with transaction.atomic(savepoint=False):
            if any(
                isinstance(getattr(record, column.attname), Expression) for record in records for column in with_default
            ):
                model._default_manager.bulk_create(records)
            else:
                copy_records(model, columns, records)
    except IntegrityError as problem:
        raise explain_violation(model, problem) from None
    except DataError as problem:
        raise unfit(problem) from None


def copy_records(model: Any, columns: Sequence[Any], records: Sequence[Any]) -> None:
    """Write records as rows of a COPY."""
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
    """Return the database value of a new record's column. Values of this `kind` are passed unchanged."""
    value = column.pre_save(record, add=True)
    return value if value is None or type(value) is kind else column.get_db_prep_save(value, connection)


def update_rows(entity: Entity, names: tuple[str, ...], changes: dict[int, dict[str, Any]]) -> None:
    """Write the same columns of several records with one statement, with common or individual values."""
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
        raise explain_violation(entity.model, problem) from None
    except DataError as problem:
        raise unfit(problem) from None


def store_each(model: Any, names: tuple[str, ...], changes: dict[int, dict[str, Any]], *, touch: bool = True) -> None:
    """Write each record's own values with one statement. `touch` increments the revision."""
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


def delete_rows(entity: Entity, rows: Sequence[Any], by: Actor) -> None:
    """Delete some records with their dependent data. Raise ProtectedError or RestrictedError for dependents."""
    ids = [row.pk for row in rows]
    events.dispatch_many("record.deleted", ids, each="pk", entity=entity)
    entity.model._default_manager.filter(pk__in=ids).delete()
    if gone := entity.rules.gone:
        for row in rows:
            gone(row, by)
