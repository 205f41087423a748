"""The embedded PostgreSQL: started, shared, stopped, found again after a kill."""

import os
import shutil
import signal
import subprocess
import sys
from collections import namedtuple

import psycopg
import pytest

from kanal.config import embedded
from kanal.config.cluster import Cluster
from kanal.config.env import SetupError
from kanal.config.os_user import Owner, owner_of


def start(data):
    return embedded.start_server(data, durable=False)


def test_it_starts_stops_and_keeps_its_data(shared):
    url = start(shared)
    with psycopg.connect(url) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 1 AS one")
        assert connection.execute("SELECT lower('ÅÄÖ') = 'åäö'").fetchone() == (True,)
    embedded.stop(shared)
    assert not embedded.is_running(shared)
    with psycopg.connect(start(shared)) as connection:
        assert connection.execute("SELECT one FROM kept").fetchone() == (1,)


def test_only_its_own_user_reaches_it(shared):
    start(shared)
    assert (shared / "postgres").stat().st_mode & 0o077 == 0
    assert not list((shared / "postgres" / "cluster").glob("*.key"))


def test_it_runs_as_the_user_who_starts_it_but_never_as_root(shared):
    start(shared)
    owner = (shared / "postgres").stat().st_uid
    assert owner == os.geteuid() if os.geteuid() else owner != 0


def test_another_process_that_uses_it_keeps_it_running(shared):
    url = start(shared)
    script = (
        f"from pathlib import Path; from kanal.config import embedded; embedded.start_server(Path({str(shared)!r}))"
    )
    waiting = [sys.executable, "-c", f"{script}; print('ready', flush=True); input()"]
    with subprocess.Popen(waiting, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        assert other.stdout.readline() == b"ready\n"
        embedded.stop(shared)
        psycopg.connect(url).close()
        other.communicate(b"\n")


def test_after_a_kill_it_starts_again_with_all_that_was_committed(data):
    url = embedded.start_server(data)
    with psycopg.connect(url) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 1 AS one")
    os.kill(embedded.cluster_of(data).postmaster(), signal.SIGKILL)
    with psycopg.connect(embedded.start_server(data)) as connection:
        assert connection.execute("SELECT one FROM kept").fetchone() == (1,)


def test_a_stale_pid_file_with_the_number_of_a_living_program_is_no_obstacle(data):
    start(data)
    embedded.stop(data)
    (data / "postgres" / "cluster" / "postmaster.pid").write_text(f"{os.getpid()}\n{data}\n")
    psycopg.connect(start(data)).close()


def test_a_set_up_that_was_cut_short_is_begun_anew(data):
    start(data)
    embedded.stop(data)
    (data / "postgres" / "cluster").rename(data / "postgres" / "draft")
    psycopg.connect(start(data)).close()


def test_a_full_disk_is_named(data, monkeypatch):
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda path: usage(10, 9, 1024**2))
    with pytest.raises(SetupError, match="Only 1 MB are free"):
        start(data)


def test_a_server_that_does_not_start_says_why(data):
    start(data)
    embedded.stop(data)
    (data / "postgres" / "cluster" / "PG_VERSION").write_text("12\n")
    with pytest.raises(SetupError, match="another version of PostgreSQL"):
        start(data)


def test_programs_in_a_private_folder_are_copied(data, monkeypatch):
    monkeypatch.setattr(Owner, "can_run", lambda self, program, folder: False)
    psycopg.connect(start(data)).close()
    assert list(data.glob("postgres-*/*/pginstall/bin/postgres"))


def test_a_data_folder_on_a_deep_path_works(data):
    deep = data / ("deep" * 25)
    try:
        psycopg.connect(start(deep)).close()
    finally:
        embedded.stop(deep)


def test_what_those_hear_who_come_too_early_hides_no_reason(tmp_path):
    """REL-1: many clients ask while the processes of a killed server are still ending."""
    cluster = Cluster(tmp_path, owner_of(tmp_path))
    cluster.home.mkdir()
    early = "UTC [1] FATAL:  the database system is starting up\n"
    reason = "UTC [2] FATAL:  pre-existing shared memory block (key 1, ID 2) is still in use\n"
    cluster.log.write_text(early * 50 + reason + early * 5000)
    assert cluster.is_waiting_for_orphans()
