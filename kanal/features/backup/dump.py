"""Back up a running installation: one snapshot of the database and all files that it references."""

import json
import logging
import platform
from collections.abc import Callable, Iterator
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Any

import psycopg
from django.conf import settings
from django.core.files.storage import default_storage
from django.utils import timezone
from django.utils.translation import gettext as _

from kanal.core import stored_files
from kanal.features.backup import programs
from kanal.features.backup.archive import DUMP, FOLDER, LIST, Writer, archive_writer
from kanal.kit.errors import Refused

log = logging.getLogger("kanal.backup")
Tell = Callable[[str, int, int], None]
WITHOUT_DATA = ["kanal_cache"]
TABLES = """
SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' ORDER BY relname
"""


class Watched:
    """A stream that reports how much was read."""

    def __init__(self, source: IO[bytes], tell: Callable[[int], None]) -> None:
        self.source, self.tell, self.size = source, tell, 0

    def read(self, size: int) -> bytes:
        """Read a chunk and report it."""
        piece = self.source.read(size)
        self.size += len(piece)
        self.tell(self.size)
        return piece


def quiet(label: str, done: int, total: int) -> None:
    """Report nothing."""


def dump_database(path: Path, tell: Tell = quiet) -> dict[str, Any]:
    """Write a backup to a file and return its manifest. Raise Refused while another one runs."""
    with psycopg.connect(programs.dsn(), autocommit=True) as session:
        free = session.execute("SELECT pg_try_advisory_lock(%s)", [stored_files.LOCK]).fetchone()
        if not free or not free[0]:
            raise Refused(_("Another backup is running, or files are being removed. Try again later."))
        server = session.info.server_version // 10000
        program = programs.found("pg_dump", server)
        session.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        exported = session.execute("SELECT pg_export_snapshot()").fetchone()
        assert exported is not None
        with archive_writer(path) as writer:
            with programs.dumping(program, exported[0], WITHOUT_DATA) as stream:
                watched: Any = Watched(stream, lambda size: tell(_("Database"), size, 0))
                dump = writer.put(DUMP, watched)
            manifest = {
                **describe_snapshot(session),
                "database": {**dump, "server": server, "program": programs.version_of(program)},
                "files": put_contents(writer, session, tell),
            }
            writer.finish(manifest)
        session.execute("ROLLBACK")
    return manifest


def describe_snapshot(session: psycopg.Connection[Any]) -> dict[str, Any]:
    """Return a summary of the snapshot: version, migrations and the row count of each table."""
    tables = [row[0] for row in session.execute(TABLES) if row[0] not in WITHOUT_DATA]
    counts = {}
    for table in tables:
        row = session.execute(f'SELECT count(*) FROM "{table}"').fetchone()  # noqa: S608  a name from the catalog
        counts[table] = row[0] if row else 0
    applied = session.execute("SELECT app, name FROM django_migrations ORDER BY app, name")
    return {
        "kanal": kanal_version(), "made_at": timezone.now().isoformat(timespec="seconds"), "host": platform.node(),
        "migrations": [list(row) for row in applied], "counts": counts,
        "secret_key": kept_key(),
    }  # fmt: skip


def kanal_version() -> str:
    """Return the version of Kanal."""
    try:
        return version("kanal")
    except PackageNotFoundError:
        return "source"


def kept_key() -> str:
    """Return the secret key stored in the data folder, if the environment doesn't set one."""
    path = settings.ENV.data / "secret-key"
    return path.read_text() if path.exists() and path.read_text() == settings.SECRET_KEY else ""


def put_contents(writer: Writer, session: psycopg.Connection[Any], tell: Tell) -> dict[str, Any]:
    """Store the files that the snapshot references, and their list. Files missing from storage are only counted."""
    total, lost, count = sum(1 for _name in content_names(session)), [], 0
    with TemporaryFile() as listed:
        for name in content_names(session):
            try:
                with default_storage.open(name) as source:
                    facts = writer.put(FOLDER + name, source)  # type: ignore[arg-type]
            except FileNotFoundError:
                lost.append(name)
                log.warning("the content %s is missing in the storage", name)
                continue
            listed.write(json.dumps({"name": name, **facts}).encode() + b"\n")
            count += 1
            tell(_("Files"), count, total)
        listed.seek(0)
        return {"count": count, "lost": lost[:100], "lost_count": len(lost), "list": writer.put(LIST, listed)}


def content_names(session: psycopg.Connection[Any]) -> Iterator[str]:
    """Yield the names of the files that the snapshot references."""
    with session.cursor() as cursor:
        yield from stored_files.referenced_contents(cursor)
