"""`kanal check`: what is well in this installation and what is not, one line each; changes nothing."""

import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

from kanal.config import env
from kanal.config.finding import Finding
from kanal.config.looks import queue, records, replica, server, surroundings
from kanal.config.steps import mark

Look = Callable[[env.Env], Iterator[Finding]]

LEAST_FREE_MB = 1024
OLDEST_BACKUP_HOURS = 26


def run(words: list[str] | None = None) -> int:
    """Print what was found, with --json as one object; the exit code is 1 if something vital is not well."""
    import django

    if set(words or ()) - {"--json"}:
        raise env.SetupError("`kanal check` knows --json alone.")
    environment = env.read()
    django.setup()
    findings = [finding for look in LOOKS for finding in looked(look, environment)]
    well = not any(finding.level == "error" for finding in findings)
    if words:
        told = [{"subject": one.subject, "level": one.level, "text": one.text} for one in findings]
        print(json.dumps({"well": well, "findings": told}, ensure_ascii=False))
    else:
        signs = {"ok": mark("✓", "ok"), "warning": mark("!", "!"), "error": mark("✗", "bad")}
        for finding in findings:
            print(f"  {signs[finding.level]} {finding.subject:<18} {finding.text}")
    return 0 if well else 1


def looked(look: Look, environment: env.Env) -> list[Finding]:
    """Look at one thing; that it can't be looked at is a finding too."""
    from django.db import DatabaseError, connection

    try:
        return list(look(environment))
    except (DatabaseError, OSError, KeyError, ValueError) as problem:
        connection.close()
        reason = (str(problem).strip() or type(problem).__name__).splitlines()[0]
        return [Finding(look.__name__.capitalize(), f"can't be looked at ({reason})", False)]


def database(environment: env.Env) -> Iterator[Finding]:
    """Look at the server and the tables."""
    from django.db import connection

    from kanal.config import prepare

    where = "the server of DATABASE_URL" if "?host=" not in environment.database_url else "embedded"
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('server_version'), pg_size_pretty(pg_database_size(current_database()))")
        version, size = cursor.fetchone()
    supported = int(version.split(".")[0]) >= 15
    yield Finding("Database", f"PostgreSQL {version}, {where}, {size}", supported)
    pending = prepare.pending_migrations()
    text = f"{pending} migrations are missing: run `kanal migrate`" if pending else "up to date"
    yield Finding("Tables", text, not pending)


def backups(environment: env.Env) -> Iterator[Finding]:
    """Look at the age of the last good backup, and for a restore that was cut short."""
    from django.db import DatabaseError, connection
    from django.utils import timezone

    from kanal.features.backup import schedule, schemas

    with connection.cursor() as cursor:
        if schemas.is_unfinished(cursor):
            yield Finding(
                "Restore", "was cut short: run `kanal restore FILE` again, which puts the old tables back", False
            )
            return
    try:
        last = schedule.last()
    except DatabaseError:
        return
    if last.failure:
        yield Finding("Backup", f"the newest attempt failed ({last.failure})", False, vital=False)
    if last.at is None:
        how = "the first is due" if environment.backup_dir else "set KANAL_BACKUP_DIR to have one daily"
        yield Finding("Backup", f"none was ever made: {how}", False, vital=False)
        return
    hours = int((timezone.now() - last.at).total_seconds() // 3600)
    daily = "" if environment.backup_dir else "; KANAL_BACKUP_DIR is not set, so none is made by itself"
    age = f"{hours} hours old" if hours < 48 else f"{hours // 24} days old"
    well = hours < OLDEST_BACKUP_HOURS and bool(environment.backup_dir)
    yield Finding(
        "Backup", f"the last good one is {age}, {last.size // 1024**2} MB, {last.path}{daily}", well, vital=False
    )


def disk(environment: env.Env) -> Iterator[Finding]:
    """Look at the room that is left."""
    free = shutil.disk_usage(environment.data).free // 1024**2
    yield Finding("Disk", f"{free} MB free in {environment.data}", free >= LEAST_FREE_MB)


def programs(environment: env.Env) -> Iterator[Finding]:
    """Look for LibreOffice, without which documents can't become PDF files."""
    office = shutil.which("soffice")
    text = office or "not found: documents stay Word files; install libreoffice-writer for PDF"
    yield Finding("LibreOffice", text, bool(office), vital=False)


def assets(environment: env.Env) -> Iterator[Finding]:
    """Look for the built and collected front end."""
    from django.conf import settings

    collected = settings.DEBUG or Path(settings.STATIC_ROOT, "staticfiles.json").exists()
    text = "collected" if collected else "not collected: run `kanal run`, or `kanal manage collectstatic`"
    yield Finding("Front end", text, collected)


def safety(environment: env.Env) -> Iterator[Finding]:
    """Look at what an installation on the network should have set."""
    at_home = environment.host in {"127.0.0.1", "localhost", "::1"} and not environment.https
    yield Finding("Debugging", "on: never on the network" if environment.debug else "off", not environment.debug, False)
    if not at_home:
        yield Finding("HTTPS", "on" if environment.https else "KANAL_HTTPS is not set", environment.https, vital=False)


LOOKS: tuple[Look, ...] = (
    database, *server.LOOKS, *replica.LOOKS, *queue.LOOKS, backups, disk, *surroundings.LOOKS, programs, assets, safety,
    *records.LOOKS,
)  # fmt: skip
