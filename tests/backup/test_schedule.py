"""Backups by themselves: when one is due, and which are kept (REL-3)."""

import datetime as dt
import json
import os

import psycopg
import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection

from kanal.core import stored_files
from kanal.core.models import Setting
from kanal.features.backup import schedule
from kanal.features.backup.progress import size_in_words

NIGHT = dt.datetime(2026, 11, 23, 2, 10, tzinfo=dt.UTC)


def last_was(at):
    Setting.objects.update_or_create(key=schedule.GOOD, defaults={"value": {"at": at.isoformat(), "path": "x"}})


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("hours_ago", "now", "due"),
    [
        (24, NIGHT, True),
        (1, NIGHT, False),
        (24, NIGHT.replace(hour=12), False),
        (30, NIGHT.replace(hour=12), True),
        (22, NIGHT, False),
    ],
)
def test_a_backup_is_due_at_night_or_when_the_last_is_too_old(hours_ago, now, due):
    last_was(now - dt.timedelta(hours=hours_ago))
    assert schedule.is_due(now) is due


@pytest.mark.django_db
def test_the_first_backup_is_due_at_once():
    assert schedule.is_due(NIGHT.replace(hour=15))


@pytest.mark.django_db
def test_without_a_folder_none_is_made(settings):
    settings.BACKUP_DIR = ""
    assert schedule.daily() is None


@pytest.mark.django_db
def test_a_failure_is_noted_until_one_succeeds(settings, tmp_path, monkeypatch):
    settings.BACKUP_DIR = str(tmp_path / "backups")

    def fail(path, tell):
        raise OSError("No space left on device")

    monkeypatch.setattr(schedule, "dump_database", fail)
    with pytest.raises(OSError, match="No space"):
        schedule.daily()
    assert "No space" in schedule.last().failure

    def succeed(path, tell):
        path.write_text("whole")
        return {"made_at": NIGHT.isoformat()}

    monkeypatch.setattr(schedule, "dump_database", succeed)
    assert schedule.daily().exists()
    assert schedule.last() == schedule.Last(NIGHT, str(next((tmp_path / "backups").iterdir())), 5, "")


def test_the_newest_are_kept(tmp_path):
    for day in range(1, 10):
        (tmp_path / f"kanal-202611{day:02}-020000.backup").touch()
    (tmp_path / "of my own.backup").touch()
    old = tmp_path / "kanal-20261101-030000.backup.part"
    old.touch()
    os.utime(old, (1, 1))
    schedule.thin(tmp_path, 3)
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "kanal-20261107-020000.backup", "kanal-20261108-020000.backup", "kanal-20261109-020000.backup",
        "of my own.backup",
    ]  # fmt: skip


@pytest.mark.django_db(transaction=True)
def test_a_content_stays_while_a_backup_may_read_it():
    name = default_storage.save("attachments/zz/kept", ContentFile(b"of the snapshot"))
    with psycopg.connect(**connection.get_connection_params() | {"cursor_factory": None, "context": None}) as backup:
        backup.execute("SELECT pg_advisory_lock(%s)", [stored_files.LOCK])
        stored_files.discard([name])
        assert default_storage.exists(name)
        with connection.cursor() as cursor:
            cursor.execute("SELECT args FROM procrastinate_jobs WHERE task_name = 'core.discard_contents'")
            assert json.loads(cursor.fetchone()[0]) == {"names": [name]}
        backup.execute("SELECT pg_advisory_unlock(%s)", [stored_files.LOCK])
    stored_files.discard_later(names=[name])
    assert not default_storage.exists(name)


@pytest.mark.parametrize(
    ("size", "words"), [(5, "5 B"), (1536, "1.5 kB"), (3 * 1024**2, "3.0 MB"), (1024**4, "1024.0 GB")]
)
def test_sizes_are_said_in_words(size, words):
    assert size_in_words(size) == words
