"""Locks held by transactions, and their order (REL-2, ADR 17).

Two transactions that lock the same rows in different orders deadlock. So the records of a family are locked from the
root: an opportunity before its quotes, these before their items, within a type by ascending id. A row to be changed is
locked so that others may still reference it, one to be deleted is locked exclusively.
"""

from collections.abc import Iterable, Sequence
from typing import Any, TypeVar

from django.db import connection, transaction
from django.db.models import Model, QuerySet

from kanal.core.entity import Entity
from kanal.kit.errors import NotFound

M = TypeVar("M", bound=Model)


class Held:
    """The rows locked by a transaction or by one of its savepoints."""

    def __init__(self) -> None:
        self.rows: set[tuple[str, int]] = set()

    def __call__(self) -> None:
        """Do nothing on commit. It is in Django's list of commit hooks because a rollback truncates that."""


def hold(name: str) -> None:
    """Wait for and acquire a named lock. Requires a transaction."""
    assert connection.in_atomic_block, "a lock by name ends with its transaction"
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [name])


def lock(records: "QuerySet[M]", *, doomed: bool = False) -> list[M]:
    """Lock the rows of a query in the order of their ids until the end of the transaction, and return them reloaded."""
    rows = list(records.order_by("pk").select_for_update(of=("self",), no_key=not doomed))
    mark_locked(records.model, [row.pk for row in rows])
    return rows


def lock_one(records: "QuerySet[M]", pk: int, *, doomed: bool = False) -> M:
    """Lock one row of a query as `lock` does. Raise NotFound if it is gone."""
    rows = lock(records.filter(pk=pk), doomed=doomed)
    if not rows:
        raise NotFound
    return rows[0]


def mark_locked(model: type[Model], ids: Iterable[int]) -> None:
    """Note that this transaction has locked some rows."""
    sids = set(connection.savepoint_ids)
    last = next((hook for hook in reversed(connection.run_on_commit) if isinstance(hook[1], Held)), None)
    if last is not None and last[0] == sids:
        held: Any = last[1]
    else:
        held = Held()
        transaction.on_commit(held)
    held.rows |= {(model._meta.db_table, pk) for pk in ids}


def is_held(model: type[Model], pk: int) -> bool:
    """Return whether this transaction has locked a row and still holds the lock."""
    row = (model._meta.db_table, pk)
    return any(isinstance(hook[1], Held) and row in hook[1].rows for hook in connection.run_on_commit)


def lock_family(entity: Entity, ids: Sequence[int], records: Iterable[Any] = ()) -> None:
    """Lock the parents of records from the root down, before the records themselves, with at most one query.

    Pass the loaded `records` if available: a transaction that has locked their parents has also locked all ancestors.
    """
    above = chain(entity)
    if not above or not ids or are_held(above[0], records, len(ids)):
        return
    statement, models = statement_of(entity, above)
    with connection.cursor() as cursor:
        cursor.execute(statement, [sorted(ids)] * len(above))
        rows = cursor.fetchall()
    for place, model in enumerate(models):
        mark_locked(model, [pk for which, pk in rows if which == place])


def chain(entity: Entity) -> list[Any]:
    """Return the columns from a type to its root, such as item → quote → opportunity."""
    from kanal.core import registry

    columns: list[Any] = []
    step: Entity | None = entity
    while step is not None and step.scope.locked_with:
        column = step.model._meta.get_field(step.scope.locked_with)
        columns.append(column)
        model: Any = column.related_model
        step = registry.of(model())
    return columns


def are_held(column: Any, records: Iterable[Any], number: int) -> bool:
    """Return whether this transaction has locked the parents of all these records."""
    parents = [getattr(record, column.attname, None) for record in records]
    return len(parents) == number and all(pk is None or is_held(column.related_model, pk) for pk in parents)


def statement_of(entity: Entity, above: Sequence[Any]) -> tuple[str, list[Any]]:
    """Return the statement that locks the ancestors of some records, root first. Each part waits for the last one."""
    quote = connection.ops.quote_name
    table = quote(entity.model._meta.db_table)
    inner = f"SELECT {quote(above[0].column)} FROM {table} WHERE id = ANY(%s)"
    parts = []
    for depth, column in enumerate(above):
        target = quote(column.related_model._meta.db_table)
        parts.append((target, inner))
        if depth + 1 < len(above):
            inner = f"SELECT {quote(above[depth + 1].column)} FROM {target} WHERE id IN ({inner})"
    parts.reverse()
    queries = []
    for place, (target, ids) in enumerate(parts):
        after = f"(SELECT count(*) FROM held_{place - 1}) >= 0 AND " if place else ""
        queries.append(
            f"held_{place} AS MATERIALIZED (SELECT id FROM {target} WHERE {after}id IN ({ids})"
            " ORDER BY id FOR NO KEY UPDATE)"
        )
    answers = " UNION ALL ".join(f"SELECT {place}, id FROM held_{place}" for place in range(len(parts)))
    return f"WITH {', '.join(queries)} {answers}", [column.related_model for column in reversed(above)]
