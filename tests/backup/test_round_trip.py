"""A backup restored elsewhere is the same installation, row by row and byte by byte (REL-3)."""

import hashlib
import json
import os
import subprocess
import sys
import zipfile

import psycopg
import pytest

from tests.backup.conftest import SCRIPT

NEXT = """
from kanal.core.models import Series
from kanal.core.writes import next_number
from django.db import transaction
with transaction.atomic():
    print(sorted((name, next_number(name)) for name in Series.objects.values_list("name", flat=True)))
    transaction.set_rollback(True)
"""
SIGN_IN = """
from django.test import Client
client = Client()
page = client.post("/login/", {"login": "seller", "password": "kanal-demo"}, HTTP_HOST="localhost")
print(page.status_code, client.get("/crm/leads/data/", HTTP_HOST="localhost").status_code)
"""
FIRST_ACCOUNT = """
from kanal.core import registry, writes
from kanal.core.actor import SYSTEM
entity = registry.get("accounts")
record = entity.model.objects.filter(type__has_organization=True, type__has_personal_name=False).first()
print(writes.change(record, {"organization": "Changed after the restore"}, by=SYSTEM).pk)
"""


@pytest.fixture(scope="module")
def restored(installations, made):
    """Return an installation made from the backup."""
    target = installations("restored")
    done = target.kanal("restore", made)
    assert done.returncode == 0, done.stderr
    return target


def test_every_row_of_every_table_is_the_same(source, restored):
    theirs, ours = source.tables(), restored.tables()
    assert ours.keys() == theirs.keys()
    moved_on = "core_deliveryposition"  # what was restored is no event (ADR 20)
    for table in theirs.keys() - {moved_on}:
        assert ours[table] == theirs[table], table
    assert len(ours[moved_on]) == len(theirs[moved_on]) > 0
    assert len(theirs["core_change"]) > 50
    output = restored.python(
        "from kanal.core.models import AuditEntry; print(AuditEntry.objects.filter(kind='backup').first().text)"
    )
    assert "Restored" in str(output)  # ACC-10


def test_every_record_type_was_compared(source):
    tables = source.python(
        "from kanal.core import registry; print(*(one.model._meta.db_table for one in registry.all_entities()))"
    )
    assert set(tables.split()) <= source.tables().keys()


def test_every_file_is_the_same(source, restored):
    with psycopg.connect(restored.dsn) as connection:
        rows = connection.execute("SELECT content, digest FROM files_version").fetchall()
    assert len(rows) >= 4
    for name, digest in rows:
        ours, theirs = restored.data / "files" / name, source.data / "files" / name
        assert hashlib.sha256(ours.read_bytes()).hexdigest() == digest
        assert ours.read_bytes() == theirs.read_bytes()


def test_indexes_triggers_and_constraints_are_the_same(source, restored):
    question = """
        SELECT 'i', indexname FROM pg_indexes WHERE schemaname = 'public'
        UNION SELECT 't', tgname || tgrelid::regclass::text FROM pg_trigger WHERE NOT tgisinternal
        UNION SELECT 'c', conname || conrelid::regclass::text FROM pg_constraint WHERE convalidated
          AND connamespace = 'public'::regnamespace ORDER BY 1, 2"""
    with psycopg.connect(source.dsn) as theirs, psycopg.connect(restored.dsn) as ours:
        assert ours.execute(question).fetchall() == theirs.execute(question).fetchall()
        assert ours.execute("SELECT nspname FROM pg_namespace WHERE nspname LIKE 'kanal%'").fetchall() == []


def test_running_numbers_go_on(source, restored):
    assert restored.python(NEXT) == source.python(NEXT) != "[]"


def test_users_sign_in(installations, made):
    target = installations("signed_in")
    assert target.kanal("restore", made).returncode == 0
    assert target.python(SIGN_IN) == "302 200"


def test_the_history_is_written_on(installations, made):
    target = installations("goes_on")
    assert target.kanal("restore", made).returncode == 0
    pk = target.python(FIRST_ACCOUNT)
    with psycopg.connect(target.dsn) as connection:
        row = connection.execute(
            "SELECT new ->> 'name' FROM core_change"
            " WHERE entity = 'accounts' AND record_id = %s AND new ? 'name'"
            " ORDER BY id DESC",
            [pk],
        ).fetchone()
    assert row == ("Changed after the restore",)


WRITER = (
    SCRIPT
    + """
import sys
from django.db import transaction
from kanal.core import registry, writes
from kanal.core.actor import SYSTEM
from kanal.features.files.actions import File, attach, delete_file
from kanal.core import stored_files
from kanal.core.models import Setting
from kanal.entities.accounts.models import AccountType
entity, kind = registry.get("accounts"), AccountType.objects.filter(has_organization=True).first().key
print("ready", flush=True)
number = 0
while not (number and select.select([sys.stdin], [], [], 0)[0]):
    number += 1
    with transaction.atomic():
        values = {"type": kind, "organization": f"While the backup runs {number}"}
        record = writes.create(entity, values, by=SYSTEM)
        version = attach(entity, record.pk, "paper.txt", b"paper %d " % number * 2000, by=SYSTEM)
        Setting.objects.update_or_create(key="pairs", defaults={"value": number})
    if number % 2 == 0:
        older = File.objects.filter(name="paper.txt").order_by("pk").first()
        names = [one.content.name for one in older.versions.all()]
        with transaction.atomic():
            older.delete()
            transaction.on_commit(lambda: stored_files.discard(names))
print(number)
"""
)


@pytest.mark.slow
def test_a_backup_made_while_others_write_is_of_one_moment(installations, made, tmp_path):
    """REL-3: what was committed together is there together, and no file that a row names is missing."""
    source = installations("written")
    assert source.kanal("restore", made).returncode == 0
    path = tmp_path / "busy.backup"
    writer = subprocess.Popen(
        [sys.executable, "-c", "import select\n" + WRITER],
        env=source.environment(), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert writer.stdout.readline() == "ready\n"
    done = source.kanal("backup", path)
    written, _errors = writer.communicate("stop\n", timeout=60)
    assert done.returncode == 0, done.stderr
    assert writer.returncode == 0
    target = installations("busy")
    assert target.kanal("restore", path).returncode == 0
    with psycopg.connect(target.dsn) as connection:
        (pairs,) = connection.execute("SELECT value::text::int FROM core_setting WHERE key = 'pairs'").fetchone()
        (accounts,) = connection.execute(
            "SELECT count(*) FROM accounts_account WHERE name LIKE 'While the backup runs%'"
        ).fetchone()
        rows = connection.execute("SELECT content, digest FROM files_version").fetchall()
    assert 0 < pairs == accounts <= int(written)
    for name, digest in rows:
        assert hashlib.sha256((target.data / "files" / name).read_bytes()).hexdigest() == digest
    manifest = json.loads(zipfile.ZipFile(path).read("manifest.json"))
    assert manifest["files"]["lost_count"] == 0
    assert manifest["files"]["count"] == len(rows)
    assert not os.path.exists(f"{path}.part")
