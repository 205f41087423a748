"""The content of test databases: fast copies of a pristine one. Loaded by `-p`.

Ids of different tables never coincide, unlike in a new database, where a wrong id goes unnoticed.

`base_…` has the tables of a set of migrations, `pristine_…` also what the current code adds after a migration. Each
test process works on a copy, and gets a new one after each test that committed, so that tests don't share rows.
"""

import hashlib
import os
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from kanal.config import env

KEPT = 3
APART = 100_000
LOCK = 0x6B616E61
COMMITTING = {"transactional_db", "live_server", "live"}
current: dict[str, str] = {}


def server() -> psycopg.Connection[Any]:
    """Connect to the server, outside of the test databases."""
    return psycopg.connect(make_conninfo(os.environ["DATABASE_URL"], dbname="postgres"), autocommit=True)


def digest(pattern: str) -> str:
    """Return the hash of the files that a database depends on."""
    checksum = hashlib.sha256((env.ROOT / "requirements" / "base.txt").read_bytes() + str(APART).encode())
    for path in sorted((env.ROOT / "kanal").rglob(pattern)):
        if "tests" not in path.parts:
            checksum.update(path.relative_to(env.ROOT).as_posix().encode() + path.read_bytes())
    return checksum.hexdigest()[:10]


def copy(connection: psycopg.Connection[Any], source: str, name: str) -> None:
    """Replace a database by a copy of another."""
    connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
    connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{source}" STRATEGY FILE_COPY')


def names(connection: psycopg.Connection[Any], prefix: str) -> list[str]:
    """List the databases with this prefix, newest first."""
    rows = connection.execute("SELECT datname FROM pg_database ORDER BY oid DESC").fetchall()
    return [row[0] for row in rows if row[0].startswith(prefix)]


def built(connection: psycopg.Connection[Any], name: str, source: str) -> str:
    """Return the migrated database with this name, copied from another if missing. Drop the oldest of its kind."""
    if name not in names(connection, name):
        copy(connection, source, "draft")
        migrate("draft")
        if name.startswith("pristine_"):
            part_sequences("draft")
        connection.execute(f'ALTER DATABASE "draft" RENAME TO "{name}"')
        for outdated in names(connection, name.split("_")[0] + "_")[KEPT:]:
            connection.execute(f'DROP DATABASE "{outdated}" WITH (FORCE)')
    return name


def migrate(name: str) -> None:
    """Migrate a database as `kanal migrate` does."""
    from django.db import connections

    from kanal.config import prepare

    connections["default"].close()
    connections["default"].settings_dict["NAME"] = name
    prepare.migrate()
    connections["default"].close()


def part_sequences(name: str) -> None:
    """Set distant sequence starts for each table, so that ids of different tables don't coincide by chance."""
    with psycopg.connect(make_conninfo(os.environ["DATABASE_URL"], dbname=name), autocommit=True) as connection:
        rows = connection.execute(
            "SELECT format('%I.%I', schemaname, sequencename) FROM pg_sequences"
            " WHERE data_type = 'bigint'::regtype AND schemaname = 'public' ORDER BY 1"
        ).fetchall()
        for place, (sequence,) in enumerate(rows, start=1):
            connection.execute("SELECT setval(%s::regclass, %s)", [sequence, place * APART])


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment: None, django_db_blocker: Any) -> Iterator[None]:
    """Set up this test process's copy of the pristine database."""
    from django.db import connections

    with django_db_blocker.unblock(), server() as connection:
        connection.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        base = built(connection, f"base_{digest('migrations/**/*.py')}", "template1")
        current["source"] = built(connection, f"pristine_{digest('*.py')}", base)
        own = make_conninfo(os.environ["DATABASE_URL"])
        name = psycopg.conninfo.conninfo_to_dict(own)["dbname"]
        current["name"] = f"{name}_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}"
        copy(connection, current["source"], current["name"])
        connections["default"].settings_dict["NAME"] = current["name"]
    yield
    connections.close_all()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item: pytest.Item) -> Iterator[None]:
    """Replace the database after a test that committed to it."""
    yield
    mark = item.get_closest_marker("django_db")
    fixtures = COMMITTING.intersection(getattr(item, "fixturenames", ()))
    if fixtures or (mark and mark.kwargs.get("transaction")):
        renew()


def renew() -> None:
    """Replace the database of this process by a new copy, after a commit."""
    from django.db import connections

    assert not connections["default"].in_atomic_block, "A fixture holds a transaction open: its scope is too wide."
    if current:
        connections.close_all()
        with server() as connection:
            copy(connection, current["source"], current["name"])
