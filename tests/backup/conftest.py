"""Installations for the tests of backups: each a database and a data folder of its own, driven by processes."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from tests.pristine import server

KEPT = ("PATH", "HOME", "LANG", "KANAL_SECRET_KEY")
SCRIPT = "import django; django.setup()\n"


@dataclass(frozen=True)
class Installation:
    """A database of this name and the folder of its data."""

    name: str
    data: Path

    @property
    def dsn(self) -> str:
        """Return what psycopg connects with."""
        return make_conninfo(os.environ["DATABASE_URL"], dbname=self.name)

    def environment(self, **more: str) -> dict[str, str]:
        """Return the environment of its processes."""
        parts = conninfo_to_dict(self.dsn)
        user, password = parts.get("user", ""), parts.get("password")
        login = f"{user}:{password}" if password else user
        port = f"&port={parts['port']}" if "port" in parts else ""
        url = f"postgresql://{login}@/{self.name}?host={parts['host']}{port}"
        kept = {name: os.environ[name] for name in KEPT if name in os.environ}
        return {
            **kept, "DATABASE_URL": url, "KANAL_DATA": str(self.data), "PYTHONPATH": str(Path.cwd()),
            "DJANGO_SETTINGS_MODULE": "kanal.config.settings", "PYTHONUNBUFFERED": "1", **more,
        }  # fmt: skip

    def kanal(self, *words: object, **options: Any) -> subprocess.CompletedProcess[str]:
        """Run the command `kanal`."""
        command = [sys.executable, "-m", "kanal.config.cli", *map(str, words)]
        extra = options.pop("environment", {})
        return subprocess.run(
            command, env=self.environment(**extra), capture_output=True, text=True, timeout=300, **options
        )

    def python(self, script: str) -> str:
        """Run a script in the installation, without collected static files, and return what it prints."""
        done = subprocess.run(
            [sys.executable, "-c", SCRIPT + script],
            env=self.environment(KANAL_DEBUG="1"), capture_output=True, text=True, timeout=300,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def tables(self) -> dict[str, list[Any]]:
        """Read every row of every table but the cache, the count of changes and the notes on backups."""
        with psycopg.connect(self.dsn) as connection:
            table_names = connection.execute(
                "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'"
            ).fetchall()
            rows = {
                name: self.rows(connection, name)
                for (name,) in table_names
                if name not in ("kanal_cache", "core_epoch")
            }
        audited = rows["core_auditentry"]
        rows["core_auditentry"] = [row for row in audited if ",backup," not in row[0]]
        rows["core_setting"] = [row for row in rows["core_setting"] if not row[0].split(",")[1].startswith("backup.")]
        return rows

    @staticmethod
    def rows(connection: psycopg.Connection[Any], table: str) -> list[Any]:
        """Read the rows of a table as texts."""
        return sorted(connection.execute(f'SELECT t::text FROM "{table}" t').fetchall())


@pytest.fixture(scope="session")
def installations(django_db_setup: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """Make empty installations: `installations("name")`."""
    with ExitStack() as stack:

        def make(name: str) -> Installation:
            full = f"{conninfo_to_dict(os.environ['DATABASE_URL'])['dbname']}_{name}_{os.getpid()}"
            with server() as connection:
                connection.execute(f'CREATE DATABASE "{full}"')
            stack.callback(drop, full)
            return Installation(full, tmp_path_factory.mktemp(name))

        yield make


def drop(name: str) -> None:
    """Remove a database."""
    with server() as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


@pytest.fixture(scope="session")
def source(installations: Any) -> Installation:
    """Return an installation with a small demo company, a few files and a filterable custom field."""
    made = installations("source")
    for words in (("migrate",), ("demo", "--times", "0.02", "--today", "2026-11-23")):
        done = made.kanal(*words)
        assert done.returncode == 0, done.stderr
    made.python(FILES)
    return made


FILES = """
from kanal.core import registry
from kanal.core.actor import SYSTEM
from kanal.core.models import CustomField
from kanal.core.administration.customfields import index_custom_field
from kanal.features.files.actions import attach
entity = registry.get("accounts")
accounts = list(entity.model.objects.order_by("pk")[:3])
for number, account in enumerate(accounts):
    attach(entity, account.pk, f"notes-{number}.txt", b"text %d" % number * 5000, by=SYSTEM)
attach(entity, accounts[0].pk, "notes-0.txt", b"a second version", by=SYSTEM)
row = CustomField.objects.filter(filterable=True, is_active=True).first()
if row:
    index_custom_field(row.pk)
"""


@pytest.fixture(scope="session")
def made(source: Installation, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a backup of the source."""
    path = tmp_path_factory.mktemp("backups") / "kanal.backup"
    done = source.kanal("backup", path)
    assert done.returncode == 0, done.stderr
    return path
