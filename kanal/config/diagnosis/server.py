"""Checks of the PostgreSQL server and the tables: missing or broken items, risks of data loss, exhausted limits."""

import time
from collections.abc import Iterator
from typing import Any

from kanal.config import env
from kanal.config.diagnosis.finding import Finding

POOL = 8
AROUND_JOBS = 6
DRIFT_SECONDS = 2
LONG_MINUTES = 10
OLDEST_VERSION = 15
INVALID = """
SELECT relname FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid
WHERE NOT indisvalid AND relnamespace = 'public'::regnamespace ORDER BY relname
"""
LONG = """
SELECT count(*), coalesce(max(extract(epoch FROM now() - xact_start) / 60), 0)::int FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'
AND state = 'idle in transaction' AND xact_start < now() - make_interval(mins => %s)
"""


def database(environment: env.Env) -> Iterator[Finding]:
    """Check the server and the tables."""
    from kanal.config.migrations import pending_migrations

    where = "the server of DATABASE_URL" if "?host=" not in environment.database_url else "embedded"
    version, size = (
        setting("server_version"),
        query_value("SELECT pg_size_pretty(pg_database_size(current_database()))"),
    )
    supported = int(version.split(".")[0]) >= OLDEST_VERSION
    yield Finding("Database", f"PostgreSQL {version}, {where}, {size}", well=supported)
    pending = pending_migrations()
    text = f"{pending} migrations are missing: run `kanal migrate`" if pending else "up to date"
    yield Finding("Tables", text, well=not pending)


def safety(environment: env.Env) -> Iterator[Finding]:
    """Check for settings that lose or damage data when the machine crashes."""
    off = [name for name in ("fsync", "full_page_writes") if setting(name) == "off"]
    text = f"{' and '.join(off)} off: a crash may destroy the database, set {' and '.join(off)} = on" if off else "on"
    yield Finding("Durability", text, well=not off)
    if setting("synchronous_commit") == "off":
        yield Finding("Commits", "synchronous_commit is off: a crash loses the latest changes", well=False, vital=False)
    encoding = setting("server_encoding")
    if encoding != "UTF8":
        yield Finding("Encoding", f"{encoding}: create the database again with UTF8", well=False)


def connections(environment: env.Env) -> Iterator[Finding]:
    """Check that the server allows all connections that the processes may open."""
    most, kept = int(setting("max_connections")), int(setting("superuser_reserved_connections"))
    wanted = environment.web_workers * (POOL + 1) + environment.jobs + AROUND_JOBS
    text = f"up to {wanted} wanted, {most - kept} allowed"
    well = wanted <= most - kept
    more = "" if well else ": raise max_connections, or lower KANAL_WEB_WORKERS or KANAL_JOBS"
    yield Finding("Connections", text + more, well=well, vital=False)


def clock(environment: env.Env) -> Iterator[Finding]:
    """Check that this machine and the server agree on the time."""
    before = time.time()
    theirs = float(query_value("SELECT extract(epoch FROM clock_timestamp())"))
    drift = max(before - theirs, theirs - time.time(), 0)
    well = drift < DRIFT_SECONDS
    text = (
        "as the database's"
        if well
        else f"{drift:.0f} s off the database's: synchronize both machines with a time server"
    )
    yield Finding("Clock", text, well=well, vital=False)


def indexes(environment: env.Env) -> Iterator[Finding]:
    """Check for invalid indexes, which slow down writes and serve no query."""
    broken = [name for (name,) in rows(INVALID)]
    commands = "; ".join(f"REINDEX INDEX CONCURRENTLY {name}" for name in broken)
    text = f"unfinished: run {commands}" if broken else "valid"
    yield Finding("Indexes", text, well=not broken, vital=False)


def transactions(environment: env.Env) -> Iterator[Finding]:
    """Check for transactions left open: they hold locks and keep dead rows."""
    [(count, minutes)] = rows(LONG, [LONG_MINUTES])
    if count:
        text = f"{count} idle, the oldest for {minutes} minutes: end them with pg_terminate_backend"
        yield Finding("Transactions", text, well=False, vital=False)


def setting(name: str) -> str:
    """Return a setting of the server."""
    return str(query_value("SELECT current_setting(%s)", [name]))


def query_value(sql: str, values: Any = None) -> Any:
    """Return a single value."""
    return rows(sql, values)[0][0]


def rows(sql: str, values: Any = None) -> list[Any]:
    """Return rows."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall()


LOOKS = (database, safety, connections, clock, indexes, transactions)
