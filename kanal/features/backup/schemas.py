"""Set the database's tables aside while others are loaded, and put them back if that fails.

Extensions stay in place: moving them requires more than owning the database, which is all that Kanal needs.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from django.utils.translation import gettext as _

from kanal.kit.errors import Refused

ASIDE, RUBBISH = "kanal_before", "kanal_rubbish"
# Functions go first, since their signatures contain types. Objects of extensions stay.
STATEMENTS = (
    """
    SELECT format('ALTER ROUTINE %%s SET SCHEMA %%I', o.oid::regprocedure, %(target)s::text)
    FROM pg_proc o WHERE o.pronamespace = %(source)s::regnamespace AND NOT EXISTS (
      SELECT 1 FROM pg_depend e WHERE e.classid = 'pg_proc'::regclass AND e.objid = o.oid AND e.deptype = 'e')
    """,
    """
    SELECT format('ALTER %%s %%I.%%I SET SCHEMA %%I', CASE o.relkind WHEN 'v' THEN 'VIEW' WHEN 'S' THEN 'SEQUENCE'
      WHEN 'm' THEN 'MATERIALIZED VIEW' ELSE 'TABLE' END, %(source)s::text, o.relname, %(target)s::text)
    FROM pg_class o WHERE o.relnamespace = %(source)s::regnamespace AND o.relkind IN ('r', 'p', 'v', 'm', 'S')
    AND NOT (o.relkind = 'S' AND EXISTS (
      SELECT 1 FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = o.oid
      AND d.refclassid = 'pg_class'::regclass AND d.deptype IN ('a', 'i')))
    AND NOT EXISTS (
      SELECT 1 FROM pg_depend e WHERE e.classid = 'pg_class'::regclass AND e.objid = o.oid AND e.deptype = 'e')
    """,
    """
    SELECT format('ALTER TYPE %%I.%%I SET SCHEMA %%I', %(source)s::text, o.typname, %(target)s::text)
    FROM pg_type o LEFT JOIN pg_class r ON r.oid = o.typrelid
    WHERE o.typnamespace = %(source)s::regnamespace AND (o.typtype IN ('e', 'd', 'r') OR r.relkind = 'c')
    AND NOT EXISTS (
      SELECT 1 FROM pg_depend e WHERE e.classid = 'pg_type'::regclass AND e.objid = o.oid AND e.deptype = 'e')
    """,
)


@contextmanager
def replaced(session: psycopg.Connection[Any]) -> Iterator[None]:
    """Empty the schema for a block. The old contents are dropped on success and put back on failure."""
    try:
        set_aside(session)
    except psycopg.errors.InsufficientPrivilege as error:
        message = _("To restore into the database, its user must own it (%(why)s).")
        raise Refused(message % {"why": str(error).splitlines()[0]}) from None
    try:
        yield
    except BaseException:
        put_back(session)
        raise
    session.execute(f"DROP SCHEMA {ASIDE} CASCADE")


def set_aside(session: psycopg.Connection[Any]) -> None:
    """Move everything out of the schema."""
    with session.transaction():
        session.execute(f"CREATE SCHEMA {ASIDE}")
        move_schema(session, "public", ASIDE)


def is_unfinished(cursor: Any) -> bool:
    """Return whether a restore was killed: tables are incomplete, and the next restore puts the old ones back."""
    cursor.execute("SELECT 1 FROM pg_namespace WHERE nspname = %s", [ASIDE])
    return cursor.fetchone() is not None


def put_back(session: psycopg.Connection[Any]) -> None:
    """Undo an incomplete replacement, including that of a killed process."""
    with session.cursor() as cursor:
        if not is_unfinished(cursor):
            return
    with session.transaction():
        session.execute(f"CREATE SCHEMA {RUBBISH}")
        move_schema(session, "public", RUBBISH)
        session.execute(f"DROP SCHEMA {RUBBISH} CASCADE")
        move_schema(session, ASIDE, "public")
        session.execute(f"DROP SCHEMA {ASIDE}")


def move_schema(session: psycopg.Connection[Any], source: str, target: str) -> None:
    """Move functions, tables with their dependent objects, and types to another schema."""
    session.execute("SET LOCAL search_path = ''")
    for question in STATEMENTS:
        statements = session.execute(question, {"source": source, "target": target}).fetchall()  # type: ignore[arg-type]
        for (statement,) in statements:
            session.execute(statement)
