"""Locks that transactions hold, and the order in which they are taken (REL-2, ADR 17).

Two transactions that lock the same rows in different orders wait for each other for ever. So the records of a family
are locked from its root: an opportunity before its quotes, these before their items; within a type by ascending id.
A row that is to be changed is locked so that others may go on pointing at it; one that is to be deleted, for good.
"""

from collections.abc import Iterable, Sequence
from typing import Any, TypeVar

from django.db import connection, transaction
from django.db.models import Model, QuerySet

from kanal.core.entity import Entity
from kanal.kit.errors import NotFound

M = TypeVar("M", bound=Model)


class Held:
    """The rows that a transaction, or a part of it that can be rolled back alone, has locked."""

    def __init__(self) -> None:
        self.rows: set[tuple[str, int]] = set()

    def __call__(self) -> None:
        """Do nothing at the commit: it stands in Django's list of what follows that, as a rollback shortens it."""


def hold(name: str) -> None:
    """Wait until no other transaction holds this name, then hold it; only inside a transaction."""
    assert connection.in_atomic_block, "a lock by name ends with its transaction"
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [name])


def lock(records: "QuerySet[M]", *, doomed: bool = False) -> list[M]:
    """Lock the rows of a query in the order of their ids until the transaction ends; return them as they are then."""
    rows = list(records.order_by("pk").select_for_update(of=("self",), no_key=not doomed))
    mark_locked(records.model, [row.pk for row in rows])
    return rows


def lock_one(records: "QuerySet[M]", pk: int, *, doomed: bool = False) -> M:
    """Lock one row of a query as `lock` does; raise NotFound where it is gone."""
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
    """Return whether this transaction has locked a row before, and still holds it."""
    row = (model._meta.db_table, pk)
    return any(isinstance(hook[1], Held) and row in hook[1].rows for hook in connection.run_on_commit)


def lock_family(entity: Entity, ids: Sequence[int], records: Iterable[Any] = ()) -> None:
    """Lock what records hang on, from the root down, before they are locked themselves; by one statement at most.

    `records` are the same ones where they are at hand: where this transaction holds the parents, it holds theirs too.
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
    """List the columns that lead from a type to its root, such as item → quote → opportunity."""
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
    """Return whether the parents of all these records are locked by this transaction."""
    parents = [getattr(record, column.attname, None) for record in records]
    return len(parents) == number and all(pk is None or is_held(column.related_model, pk) for pk in parents)


def statement_of(entity: Entity, above: Sequence[Any]) -> tuple[str, list[Any]]:
    """Write the statement that locks the parents of some records, the root first; each part waits for the last one."""
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
