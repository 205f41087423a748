"""The database's tables set aside while others are read in their place, and put back if that fails."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import psycopg
from django.utils.translation import gettext as _

from kanal.kit.errors import Refused

ASIDE = "kanal_before"


@contextmanager
def replaced(session: psycopg.Connection[Any]) -> Iterator[None]:
    """Give an empty schema for the time of a block; what was there goes when it succeeds, and comes back when not."""
    try:
        with session.transaction():
            session.execute(f"ALTER SCHEMA public RENAME TO {ASIDE}")
            session.execute("CREATE SCHEMA public")
            session.execute("GRANT USAGE ON SCHEMA public TO PUBLIC")
            with suppress(psycopg.errors.InsufficientPrivilege), session.transaction():
                session.execute("ALTER SCHEMA public OWNER TO pg_database_owner")
            move_extensions(session, ASIDE, "public")
    except psycopg.errors.InsufficientPrivilege as error:
        reason = str(error).splitlines()[0]
        raise Refused(
            _("The user of the database must own it to restore into it (%(why)s).") % {"why": reason}
        ) from None
    try:
        yield
    except BaseException:
        put_back(session)
        raise
    session.execute(f"DROP SCHEMA {ASIDE} CASCADE")


def is_unfinished(cursor: Any) -> bool:
    """Tell whether a restore was killed: then the tables are not whole, and the next restore puts the old ones back."""
    cursor.execute("SELECT 1 FROM pg_namespace WHERE nspname = %s", [ASIDE])
    return cursor.fetchone() is not None


def put_back(session: psycopg.Connection[Any]) -> None:
    """Undo a replacement that didn't come to its end, that of a killed process included."""
    with session.cursor() as cursor:
        if not is_unfinished(cursor):
            return
    with session.transaction():
        move_extensions(session, "public", ASIDE)
        session.execute("DROP SCHEMA public CASCADE")
        session.execute(f"ALTER SCHEMA {ASIDE} RENAME TO public")


def move_extensions(session: psycopg.Connection[Any], source: str, target: str) -> None:
    """Move the extensions along, for functions of Kanal name them in `public`."""
    rows = session.execute(
        "SELECT extname FROM pg_extension WHERE extnamespace = %s::regnamespace AND extrelocatable", [source]
    ).fetchall()
    for (name,) in rows:
        session.execute(f'ALTER EXTENSION "{name}" SET SCHEMA {target}')
