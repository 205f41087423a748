"""Drop indexes and foreign keys during a bulk load. The database stores them, so that they survive a kill."""

from collections.abc import Callable, Iterable
from typing import Any

from django.db import connection, transaction

INDEXES = """
SELECT c.relname, pg_get_indexdef(i.indexrelid) FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
WHERE i.indrelid = %s::regclass AND NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = i.indexrelid)
ORDER BY i.indexrelid
"""
KEYS = """
SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid = %s::regclass AND contype = 'f'
ORDER BY conname
"""
REMEMBER = """
CREATE TABLE IF NOT EXISTS kanal_set_aside (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, source text, kind text, statement text)
"""
NOTE = "INSERT INTO kanal_set_aside (source, kind, statement) VALUES (%s, %s, %s)"
INDEX, KEY, CHECK = "index", "key", "check"
Do = Callable[..., None]


@transaction.atomic
def take_away(tables: Iterable[str]) -> None:
    """Drop the indexes and foreign keys of tables, and store their definitions in the same transaction."""
    with connection.cursor() as cursor:
        cursor.execute(REMEMBER)
        for table in tables:
            cursor.execute(KEYS, [table])
            for name, definition in cursor.fetchall():
                begin = f'ALTER TABLE "{table}" '
                cursor.execute(NOTE, [table, KEY, f'{begin}ADD CONSTRAINT "{name}" {definition} NOT VALID'])
                cursor.execute(NOTE, [table, CHECK, f'{begin}VALIDATE CONSTRAINT "{name}"'])
                cursor.execute(f'{begin}DROP CONSTRAINT "{name}"')
            cursor.execute(INDEXES, [table])
            for name, definition in cursor.fetchall():
                cursor.execute(NOTE, [table, INDEX, definition])
                cursor.execute(f'DROP INDEX "{name}"')


def missing(kind: str, table: str = "") -> list[tuple[int, str]]:
    """Return the definitions to restore, in the order in which they were dropped."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass('kanal_set_aside') IS NOT NULL")
        if not cursor.fetchone()[0]:
            return []
        cursor.execute(
            "SELECT id, statement FROM kanal_set_aside WHERE kind = %s AND %s IN ('', source) ORDER BY id",
            [kind, table],
        )
        return list(cursor.fetchall())


@transaction.atomic
def make_anew(rows: list[tuple[int, str]]) -> None:
    """Execute statements and delete them from the store."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL maintenance_work_mem = '512MB'")
        for pk, statement in rows:
            cursor.execute(statement)
            cursor.execute("DELETE FROM kanal_set_aside WHERE id = %s", [pk])


def put_back_indexes(table: str, do: Do) -> None:
    """Recreate the indexes of one table, each as a separate task."""
    for row in missing(INDEX, table):
        do(make_anew, [row])


def put_back_keys(do: Do) -> None:
    """Recreate all foreign keys at once, then validate them for every row."""
    make_anew(missing(KEY))
    for row in missing(CHECK):
        do(make_anew, [row])


def put_all_back(do: Do, wait: Callable[[], None]) -> None:
    """Recreate everything missing, including leftovers of a killed run."""
    for row in missing(INDEX):
        do(make_anew, [row])
    wait()
    put_back_keys(do)
    wait()
    forget()


def forget() -> None:
    """Drop the table of stored definitions once everything is restored."""
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS kanal_set_aside")


def table_names(models: Iterable[Any]) -> list[str]:
    """Return the table names of models."""
    return [model._meta.db_table for model in models]
