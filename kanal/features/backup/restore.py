"""Restore an installation from a backup: validate it, replace an empty installation, compare the row counts."""

import logging
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import psycopg
from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.files.base import File
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.utils.translation import gettext as _

from kanal.core import registry, stored_files
from kanal.core.cache import invalidate
from kanal.core.fields.registry import custom_field
from kanal.core.models import CustomField
from kanal.core.outbox.positions import skip_all
from kanal.core.query import indexes
from kanal.features.backup import programs, schemas
from kanal.features.backup.archive import DUMP, FOLDER, Reader
from kanal.features.backup.dump import quiet
from kanal.kit.errors import Refused

log = logging.getLogger("kanal.backup")
Tell = Callable[[str, int, int], None]
JOBS = 2
OTHERS = """
SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND backend_type = 'client backend' AND pid <> pg_backend_pid()
"""


def restore(path: Path, *, replace: bool = False, tell: Tell = quiet) -> dict[str, Any]:
    """Restore the backup and return its manifest.

    Raise Refused for a damaged or newer file, while Kanal is running, or if data exists and `replace` isn't set.
    """
    reader = Reader(path)
    try:
        refuse_newer(reader)
        program = programs.found("pg_restore", reader.manifest["database"]["program"])
        disconnect()
        with psycopg.connect(programs.dsn(), autocommit=True) as session:
            refuse_data(session, replace)
            with TemporaryDirectory(dir=settings.ENV.data) as folder:
                dump = Path(folder) / DUMP
                tell(_("Checking"), 0, 0)
                with dump.open("wb") as target:
                    reader.copy(DUMP, target, reader.manifest["database"])
                kept = put_contents(reader, tell, Path(folder) / "content")
                tell(_("Database"), 0, 0)
                with schemas.replaced(session):
                    programs.load_dump(program, dump, JOBS)
                    verify_row_counts(session, reader.manifest["counts"])
            session.execute("ANALYZE")
        finish_restore(reader.manifest, kept if replace else None, tell)
        return reader.manifest
    finally:
        reader.close()


def refuse_newer(reader: Reader) -> None:
    """Raise Refused for a backup with migrations that this version doesn't have."""
    known = set(MigrationLoader(None).disk_migrations)
    mine = {app for app, _name in known}
    if any((app, name) not in known for app, name in reader.manifest["migrations"] if app in mine):
        details = {"path": reader.path, "version": reader.manifest["kanal"]}
        raise Refused(_("%(path)s was made by a newer Kanal (%(version)s): install that first.") % details)


def disconnect() -> None:
    """Close the connections of this process, including pooled ones."""
    connection.close()
    if hasattr(connection, "close_pool"):
        connection.close_pool()


def refuse_data(session: psycopg.Connection[Any], replace: bool) -> None:
    """Raise Refused if anyone is connected, or if there are users already."""
    schemas.put_back(session)
    others = session.execute(OTHERS).fetchone()
    if others and others[0]:
        message = _("%(count)s other connections use this database: stop Kanal first.")
        raise Refused(message % {"count": others[0]})
    if replace:
        return
    table = get_user_model()._meta.db_table
    there = session.execute("SELECT to_regclass(%s) IS NOT NULL", [f"public.{table}"]).fetchone()
    if there and there[0] and session.execute(f'SELECT 1 FROM "{table}" LIMIT 1').fetchone():  # noqa: S608
        message = _("This installation already contains data: restore into an empty one, or add --replace.")
        raise Refused(message)


def put_contents(reader: Reader, tell: Tell, draft: Path) -> set[str]:
    """Store the files next to existing ones, verify their checksums, and return their names."""
    total, kept = reader.manifest["files"]["count"], set()
    for facts in reader.files():
        name = facts["name"]
        with draft.open("wb") as target:
            reader.copy(FOLDER + name, target, facts)
        if default_storage.exists(name):
            default_storage.delete(name)
        with draft.open("rb") as source:
            if default_storage.save(name, File(source, name)) != name:
                raise Refused(_("The stored file %(name)s can't be saved under its name.") % {"name": name})
        kept.add(name)
        tell(_("Files"), len(kept), total)
    return kept


def verify_row_counts(session: psycopg.Connection[Any], counts: dict[str, int]) -> None:
    """Raise Refused unless every table has as many rows as in the backup."""
    for table, expected in counts.items():
        row = session.execute(f'SELECT count(*) FROM public."{table}"').fetchone()  # noqa: S608  validated by the dump
        if row is None or row[0] != expected:
            details = {"table": table, "found": row and row[0], "expected": expected}
            raise Refused(_("Table %(table)s has %(found)s rows instead of %(expected)s.") % details)


def finish_restore(manifest: dict[str, Any], kept: set[str] | None, tell: Tell) -> None:
    """Run later migrations, build missing indexes, restore the session key and delete replaced files."""
    tell(_("Completing"), 0, 0)
    invalidate()
    call_command("migrate", interactive=False, verbosity=0)
    skip_all()
    call_command("createcachetable", verbosity=0)
    for row in CustomField.objects.filter(filterable=True, is_active=True):
        if entity := registry.find(row.entity):
            indexes.create_indexes(entity, custom_field(row), concurrently=False)
    if key := manifest.get("secret_key"):
        with opened_for_me(settings.ENV.data / "secret-key") as file:
            file.write(key)
    if kept is not None:
        remove_others(kept)
    os.sync()


@contextmanager
def opened_for_me(path: Path) -> Iterator[Any]:
    """Write a file readable only by its owner, atomically."""
    draft = path.with_name(path.name + ".part")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        yield file
    draft.replace(path)


def remove_others(kept: set[str]) -> None:
    """Delete replaced files: those in our folders that no row references."""
    with psycopg.connect(programs.dsn()) as session, session.cursor() as cursor:
        kept = kept | set(stored_files.referenced_contents(cursor))
    for top in {name.split("/", 1)[0] for name in kept}:
        for name in list(walk(top)):
            if name not in kept:
                default_storage.delete(name)


def walk(folder: str) -> Iterator[str]:
    """Yield all files below a storage folder."""
    folders, files = default_storage.listdir(folder)
    yield from (f"{folder}/{name}" for name in files)
    for name in folders:
        yield from walk(f"{folder}/{name}")
