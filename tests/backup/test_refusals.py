"""What a restore refuses, and what stays as it was (REL-3, REL-4)."""

import json
import resource
import shutil
import signal
import zipfile

import psycopg
import pytest

SET_ASIDE = """
import psycopg
from kanal.features.backup import programs, schemas
with psycopg.connect(programs.dsn(), autocommit=True) as session:
    schemas.set_aside(session)
    session.execute("CREATE TABLE public.people_user (half boolean)")
    session.execute("CREATE TYPE public.procrastinate_job_status AS ENUM ('half')")
"""


def sentence(done):
    """Return the sentence of a refused command."""
    assert done.returncode == 1, done.stdout
    assert "Traceback" not in done.stderr
    return done.stderr


def edited(source, target, change):
    """Copy a backup with another manifest."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "manifest.json":
                manifest = json.loads(content)
                change(manifest)
                content = json.dumps(manifest).encode()
            new.writestr(name, content)
    return target


@pytest.fixture(scope="module")
def empty(installations):
    """Return an installation without tables."""
    return installations("empty")


def has_tables(installation):
    with psycopg.connect(installation.dsn) as connection:
        return connection.execute("SELECT to_regclass('people_user') IS NOT NULL").fetchone()[0]


def test_data_are_not_written_over(source, made):
    before = source.tables()
    assert "add --replace" in sentence(source.kanal("restore", made))
    assert source.tables() == before


def test_a_file_that_was_cut_short_is_refused(empty, made, tmp_path):
    path = tmp_path / "cut.backup"
    path.write_bytes(made.read_bytes()[: made.stat().st_size // 2])
    assert "damaged or truncated" in sentence(empty.kanal("restore", path))
    assert not has_tables(empty)


def test_a_changed_byte_is_found_before_anything_is_touched(empty, made, tmp_path):
    path = tmp_path / "bent.backup"
    content = bytearray(made.read_bytes())
    content[len(content) // 3] ^= 0xFF
    path.write_bytes(content)
    assert "damaged" in sentence(empty.kanal("restore", path))
    assert not has_tables(empty)


def test_another_file_is_refused(empty, tmp_path):
    path = tmp_path / "letter.txt"
    path.write_text("Dear Sir or Madam")
    assert "not a complete Kanal backup" in sentence(empty.kanal("restore", path))
    assert "no file" in sentence(empty.kanal("restore", tmp_path / "none"))


@pytest.mark.parametrize(
    "change",
    [
        lambda manifest: manifest.update(format=99),
        lambda manifest: manifest["migrations"].append(["core", "9999_of_next_year"]),
    ],
)
def test_a_backup_of_a_newer_kanal_is_refused(empty, made, tmp_path, change):
    path = edited(made, tmp_path / "newer.backup", change)
    assert "newer Kanal" in sentence(empty.kanal("restore", path))
    assert not has_tables(empty)


def test_a_restore_that_fails_puts_back_what_was_there(source, made, tmp_path):
    path = edited(made, tmp_path / "wrong.backup", lambda manifest: manifest["counts"].update(people_user=99))
    before = source.tables()
    assert "people_user has" in sentence(source.kanal("restore", "--replace", path))
    assert source.tables() == before


def test_a_restore_that_was_killed_is_told_and_made_good_by_the_next(installations, made):
    target = installations("killed")
    assert target.kanal("restore", made).returncode == 0
    before = target.tables()
    target.python(SET_ASIDE)
    assert "Restore" in target.kanal("check").stdout
    assert "add --replace" in sentence(target.kanal("restore", made))
    assert target.tables() == before


def test_a_running_kanal_is_not_restored_into(empty, made):
    with psycopg.connect(empty.dsn):
        assert "stop Kanal first" in sentence(empty.kanal("restore", made))


def test_replace_gives_up_what_was_there(installations, made, source):
    target = installations("replaced")
    assert target.kanal("restore", made).returncode == 0
    target.python("from kanal.core.models import Setting; Setting.objects.create(key='mine', value=1)")
    (target.data / "files" / "attachments" / "stray").write_text("of before")
    assert target.kanal("restore", "--replace", made).returncode == 0
    ours, theirs = target.tables(), source.tables()
    for tables in (ours, theirs):
        del tables["core_deliveryposition"]  # what was restored is no event (ADR 20)
    assert ours == theirs
    assert not (target.data / "files" / "attachments" / "stray").exists()


def test_a_full_disk_leaves_no_half_backup_and_is_told(source, tmp_path):
    """REL-4: the limit on a file's size stands for a disk that is full."""

    def limit():
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, 50_000))

    path = tmp_path / "large.backup"
    assert "can't be written" in sentence(source.kanal("backup", path, preexec_fn=limit))
    assert list(tmp_path.iterdir()) == []
    assert "last attempt failed" in source.kanal("check").stdout
    assert source.kanal("backup", path).returncode == 0
    output = source.kanal("check", environment={"KANAL_BACKUP_DIR": str(tmp_path)}).stdout
    assert "the last successful one is 0 hours old" in output


def test_a_file_that_is_there_is_not_written_over(source, made):
    assert "is there already" in sentence(source.kanal("backup", made))


def test_a_content_that_the_storage_has_lost_is_told(source, tmp_path):
    folder = source.data / "files" / "attachments"
    shutil.copytree(folder, tmp_path / "kept")
    name = next(path for path in folder.rglob("*") if path.is_file())
    name.unlink()
    try:
        done = source.kanal("backup", tmp_path / "lost.backup")
    finally:
        shutil.copytree(tmp_path / "kept", folder, dirs_exist_ok=True)
    assert done.returncode == 0
    assert "1 files are missing" in done.stderr
