"""`kanal check`: what is well in this installation and what is not, one line each; changes nothing."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from kanal.config import env
from kanal.config.steps import mark

LEAST_FREE_MB = 1024
OLDEST_BACKUP_HOURS = 26


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at: whether it is well, and if not, whether Kanal can do without it."""

    subject: str
    text: str
    well: bool = True
    vital: bool = True


def run() -> int:
    """Print what was found; the exit code is 1 if something vital is not well."""
    import django

    environment = env.read()
    django.setup()
    findings = [finding for look in LOOKS for finding in look(environment)]
    for finding in findings:
        sign = mark("✓", "ok") if finding.well else mark("✗", "bad") if finding.vital else mark("!", "!")
        print(f"  {sign} {finding.subject:<18} {finding.text}")
    return 1 if any(finding.vital and not finding.well for finding in findings) else 0


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


def jobs(environment: env.Env) -> Iterator[Finding]:
    """Look for a living worker, and for jobs that wait too long or have failed."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass('procrastinate_workers')")
        if cursor.fetchone() == (None,):
            return
        cursor.execute("SELECT count(*) FROM procrastinate_workers WHERE last_heartbeat > now() - interval '1 minute'")
        workers = cursor.fetchone()[0]
        cursor.execute("SELECT status::text, count(*) FROM procrastinate_jobs GROUP BY status")
        count = dict(cursor.fetchall())
    alive = f"{workers} alive" if workers else "none is alive: start `kanal worker`, or all with `kanal run`"
    yield Finding("Worker", alive, workers > 0)
    text = f"{count.get('todo', 0)} waiting, {count.get('failed', 0)} failed"
    yield Finding("Jobs", text, not count.get("failed"), vital=False)


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


LOOKS: tuple[Callable[[env.Env], Iterator[Finding]], ...] = (database, jobs, backups, disk, programs, assets, safety)
