"""Load a table by COPY, and write the history of its new rows at once. Without a transaction id, no events result."""

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import islice
from typing import Any

from django.db import connection, transaction
from django.db.models import NOT_PROVIDED

from kanal.core import registry
from kanal.core.history.triggers import unkept

NOTHING = r"\N"
BLOCK = 2000
PIECE = 100_000
Tell = Callable[[str], None]

HISTORY = """
INSERT INTO core_change (at, entity, record_id, kind, actor_id, means, verb, request_id, xact, old, new)
SELECT n.created_at, %s, n.id, 'c', n.created_by_id, 'import', '', '', NULL, NULL,
  kanal_flat(n.kept, %s::text[])
FROM (
  SELECT id, created_at, created_by_id, jsonb_strip_nulls(to_jsonb(n)) AS kept
  FROM "{table}" n WHERE n.id BETWEEN %s AND %s ORDER BY n.id OFFSET 0
) n
"""


@dataclass(frozen=True)
class Load:
    """Rows for one table: its model, their columns (id first), the rows as texts, and their number."""

    model: Any
    columns: tuple[str, ...]
    rows: Iterable[tuple[str, ...]]
    count: int
    first: int


def rendered(value: Any) -> str:
    """Return a value in COPY's text format."""
    if value is None:
        return NOTHING
    if isinstance(value, bool):
        return "t" if value else "f"
    if isinstance(value, list | dict):
        return "{}" if not value else "{" + ",".join(map(str, value)) + "}"
    return str(value)


def constants(model: Any, given: tuple[str, ...]) -> dict[str, str]:
    """Return the columns shared by all rows: the defaults of those that the rows don't contain."""
    texts_by_column = {}
    for column in model._meta.concrete_fields:
        if column.column in given or getattr(column, "generated", False) or column.db_default is not NOT_PROVIDED:
            continue
        if not column.null and not column.has_default() and not column.empty_strings_allowed:
            raise LookupError(f"the generator gives no value for {model._meta.label}.{column.name}")
        texts_by_column[column.column] = rendered(column.get_default())
    return texts_by_column


def first_free_id(model: Any) -> int:
    """Return the next free id of a table."""
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT COALESCE(max(id), 0) + 1 FROM "{model._meta.db_table}"')  # noqa: S608 - a table name
        return int(cursor.fetchone()[0])


def load_rows(job: Load, tell: Tell) -> None:
    """Load a table's rows in one transaction. `write_history` writes the history separately."""
    table, began = job.model._meta.db_table, time.monotonic()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(f'ALTER TABLE "{table}" DISABLE TRIGGER USER')
        copy_rows(cursor, job, tell)
        cursor.execute(
            "SELECT setval(pg_get_serial_sequence(%s, 'id'), %s)", [table, max(job.first + job.count - 1, 1)]
        )
        cursor.execute(f'ALTER TABLE "{table}" ENABLE TRIGGER USER')
    seconds = time.monotonic() - began
    tell(f"{table}: {job.count:,} rows in {seconds:.1f} s, {job.count / seconds:,.0f} rows/s")


def copy_rows(cursor: Any, job: Load, tell: Tell) -> None:
    """Send the rows in blocks, to limit memory. The first is built in advance, since that queries the database."""
    table, rest = job.model._meta.db_table, constants(job.model, job.columns)
    names = ", ".join(f'"{name}"' for name in (*job.columns, *rest))
    tail = "".join("\t" + value for value in rest.values()) + "\n"
    rows, done, began, reported = iter(job.rows), 0, time.monotonic(), time.monotonic()
    block = list(islice(rows, BLOCK))
    with cursor.copy(f'COPY "{table}" ({names}) FROM STDIN') as stream:
        while block:
            stream.write("".join(["\t".join(row) + tail for row in block]))
            done += len(block)
            block = list(islice(rows, BLOCK))
            if time.monotonic() - reported > 2:
                reported = time.monotonic()
                tell(f"  {table}: {done:,} of {job.count:,}, {done / (reported - began):,.0f} rows/s")


def pieces(job: Load) -> list[tuple[int, int]]:
    """Split a table's new ids into ranges for parallel processing."""
    end = job.first + job.count - 1
    return [(start, min(start + PIECE - 1, end)) for start in range(job.first, end + 1, PIECE)]


def write_history(model: Any, first: int, last: int) -> None:
    """Write a creation entry for each new row in a range of ids, dated like the row."""
    entity = registry.of(model)
    if entity is None or not entity.has_history:
        return
    ignored = "{" + ",".join(unkept(entity)) + "}"
    with connection.cursor() as cursor:
        cursor.execute(HISTORY.format(table=model._meta.db_table), [entity.key, ignored, first, last])
