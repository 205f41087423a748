"""Loads one table by COPY: indexes and foreign keys stand aside and are made anew, history is written in one go."""

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from typing import Any

from django.db import connection, transaction
from django.db.models import NOT_PROVIDED

from kanal.core import registry
from kanal.core.history.triggers import unkept

NOTHING = r"\N"
BLOCK = 2000
WORTH_IT = 20_000
Tell = Callable[[str], None]

INDEXES = """
SELECT c.relname, pg_get_indexdef(i.indexrelid) FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
WHERE i.indrelid = %s::regclass AND NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = i.indexrelid)
"""
KEYS = """
SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid = %s::regclass AND contype = 'f'
"""
HISTORY = """
INSERT INTO core_change (at, entity, record_id, kind, actor_id, means, verb, request_id, old, new)
SELECT n.created_at, %s, n.id, 'c', n.created_by_id, 'import', '', '', NULL,
  kanal_flat(jsonb_strip_nulls(to_jsonb(n)), %s::text[])
FROM "{table}" n WHERE n.id BETWEEN %s AND %s ORDER BY n.id
"""


@dataclass(frozen=True)
class Load:
    """Rows for one table: its model, the columns that the rows give (the id first), the rows as texts, how many."""

    model: Any
    columns: tuple[str, ...]
    rows: Iterable[tuple[str, ...]]
    count: int
    first: int


def rendered(value: Any) -> str:
    """Write a value as COPY's text form has it."""
    if value is None:
        return NOTHING
    if isinstance(value, bool):
        return "t" if value else "f"
    if isinstance(value, list | dict):
        return "{}" if not value else "{" + ",".join(map(str, value)) + "}"
    return str(value)


def constants(model: Any, given: tuple[str, ...]) -> dict[str, str]:
    """Give the columns that all rows share: the defaults of those that the rows do not give."""
    found = {}
    for column in model._meta.concrete_fields:
        if column.column in given or getattr(column, "generated", False) or column.db_default is not NOT_PROVIDED:
            continue
        if not column.null and not column.has_default() and not column.empty_strings_allowed:
            raise LookupError(f"the generator gives no value for {model._meta.label}.{column.name}")
        found[column.column] = rendered(column.get_default())
    return found


def first_free_id(model: Any) -> int:
    """Give the id that the next row of a table can have."""
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT COALESCE(max(id), 0) + 1 FROM "{model._meta.db_table}"')  # noqa: S608 - a table's name
        return int(cursor.fetchone()[0])


def load(job: Load, tell: Tell) -> None:
    """Load a table in one transaction: all of it, its history and its indexes, or nothing."""
    table, began = job.model._meta.db_table, time.monotonic()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(f'ALTER TABLE "{table}" DISABLE TRIGGER USER')
        with aside(cursor, table, job.count >= WORTH_IT):
            copy(cursor, job, tell)
            cursor.execute(
                "SELECT setval(pg_get_serial_sequence(%s, 'id'), %s)", [table, max(job.first + job.count - 1, 1)]
            )
        write_history(cursor, job)
        cursor.execute(f'ALTER TABLE "{table}" ENABLE TRIGGER USER')
    seconds = time.monotonic() - began
    tell(f"{table}: {job.count:,} rows with indexes and history in {seconds:.1f} s, {job.count / seconds:,.0f} rows/s")


@contextmanager
def aside(cursor: Any, table: str, worth_it: bool) -> Iterator[None]:
    """Take indexes and foreign keys away while many rows come in, then make them anew, which checks every row."""
    if not worth_it:
        yield
        return
    cursor.execute(INDEXES, [table])
    indexes = cursor.fetchall()
    cursor.execute(KEYS, [table])
    keys = cursor.fetchall()
    cursor.execute("SET LOCAL maintenance_work_mem = '512MB'")
    for name, _definition in indexes:
        cursor.execute(f'DROP INDEX "{name}"')
    for name, _definition in keys:
        cursor.execute(f'ALTER TABLE "{table}" DROP CONSTRAINT "{name}"')
    yield
    for _name, definition in indexes:
        cursor.execute(definition)
    for name, definition in keys:
        cursor.execute(f'ALTER TABLE "{table}" ADD CONSTRAINT "{name}" {definition}')


def copy(cursor: Any, job: Load, tell: Tell) -> None:
    """Send the rows, a block at a time, so that memory stays flat; the first before, as making it asks the database."""
    table, rest = job.model._meta.db_table, constants(job.model, job.columns)
    names = ", ".join(f'"{name}"' for name in (*job.columns, *rest))
    tail = "".join("\t" + value for value in rest.values()) + "\n"
    rows, done, began, told = iter(job.rows), 0, time.monotonic(), time.monotonic()
    block = list(islice(rows, BLOCK))
    with cursor.copy(f'COPY "{table}" ({names}) FROM STDIN') as stream:
        while block:
            stream.write("".join(["\t".join(row) + tail for row in block]))
            done += len(block)
            block = list(islice(rows, BLOCK))
            if time.monotonic() - told > 2:
                told = time.monotonic()
                tell(f"  {table}: {done:,} of {job.count:,}, {done / (told - began):,.0f} rows/s")


def write_history(cursor: Any, job: Load) -> None:
    """Write the entry of its creation for each new row, dated as the row is."""
    entity = registry.of(job.model)
    if entity is None or not entity.has("history"):
        return
    ignored = "{" + ",".join(unkept(entity)) + "}"
    cursor.execute(
        HISTORY.format(table=job.model._meta.db_table), [entity.key, ignored, job.first, job.first + job.count - 1]
    )
