"""`kanal check` says what is well, what is not and what to do; the exit code says whether it can go on (REL-4)."""

import json
import socket
import time
from dataclasses import replace

import pytest
from django.db import connection

from kanal.config import env
from kanal.config.diagnosis import host, queue, records, report, server
from kanal.core import writes
from kanal.core.models import SavedFilter


@pytest.fixture
def environment(tmp_path):
    """Return an environment that is in order, on a data folder of its own."""
    (tmp_path / "files").mkdir()
    return replace(
        env.read_environment(), data=tmp_path, secret_key="k" * 50, mail_url="", allowed_hosts=["crm.example.com"]
    )


@pytest.fixture
def diagnose(environment):
    """Look at one thing: `diagnose(look, **environment)` gives {subject: (level, text)}."""

    def look_at(look, **values):
        return {finding.subject: (finding.level, finding.text) for finding in look(replace(environment, **values))}

    return look_at


def test_what_is_well_is_said_to_be(db, diagnose):
    """REL-4: a sound installation has nothing but ticks."""
    sound = (
        server.database, server.connections, server.clock, server.indexes, server.transactions, records.filters,
        host.disk, host.storage, host.mail, host.key, host.names,
        host.network,
    )  # fmt: skip
    for look in sound:
        findings = diagnose(look)
        assert {level for level, _text in findings.values()} <= {"ok"}, (look, findings)


@pytest.mark.parametrize(
    ("settings", "subject", "level"),
    [
        ({"fsync": "off"}, "Durability", "error"),
        ({"full_page_writes": "off"}, "Durability", "error"),
        ({"synchronous_commit": "off"}, "Commits", "warning"),
        ({"server_encoding": "SQL_ASCII"}, "Encoding", "error"),
    ],
)
def test_settings_that_lose_data(diagnose, monkeypatch, settings, subject, level):
    """REL-4: a crash must not destroy what was acknowledged."""
    sound = {"fsync": "on", "full_page_writes": "on", "synchronous_commit": "on", "server_encoding": "UTF8"}
    monkeypatch.setattr(server, "setting", lambda name: {**sound, **settings}[name])
    assert diagnose(server.safety)[subject][0] == level


def test_more_connections_than_the_server_has(db, diagnose):
    """REL-4: pools and processes together stay below max_connections."""
    level, text = diagnose(server.connections, web_workers=60)["Connections"]
    assert (level, "KANAL_WEB_WORKERS" in text) == ("warning", True)


def test_clocks_that_disagree(db, diagnose, monkeypatch):
    """REL-4: sessions, cursors and schedules need one time."""
    now = time.time()
    monkeypatch.setattr(server.time, "time", lambda: now + 90)
    level, text = diagnose(server.clock)["Clock"]
    assert level == "warning"
    assert "s off" in text


def test_an_unfinished_index_is_named_with_its_remedy(db, diagnose):
    """REL-4, CF-3: what CREATE INDEX CONCURRENTLY left behind is named."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE INDEX left_behind ON search_searchentry (hint)")
        cursor.execute("UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'left_behind'::regclass")
    level, text = diagnose(server.indexes)["Indexes"]
    assert level == "warning"
    assert "REINDEX INDEX CONCURRENTLY left_behind" in text


def test_the_queue(db, diagnose):
    """REL-4: no worker, a late queue, stalled and failed jobs, each with what to do."""
    from kanal.core.administration.customfields import index_custom_field

    late, stalled, failed = (index_custom_field.defer(pk=number) for number in range(3))
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_workers")
        cursor.execute("UPDATE procrastinate_events SET at = now() - interval '1 hour' WHERE job_id = %s", [late])
        cursor.execute("UPDATE procrastinate_jobs SET status = 'doing' WHERE id = %s", [stalled])
        cursor.execute("UPDATE procrastinate_jobs SET status = 'doing' WHERE id = %s", [failed])
        cursor.execute("UPDATE procrastinate_jobs SET status = 'failed' WHERE id = %s", [failed])
    findings = diagnose(queue.jobs)
    assert {subject: level for subject, (level, _text) in findings.items()} == {
        "Worker": "error", "Queue": "warning", "Stalled jobs": "warning", "Failed jobs": "warning",
    }  # fmt: skip
    assert "kanal worker" in findings["Worker"][1]
    assert "1 waiting, the oldest for 60 minutes" in findings["Queue"][1]
    assert "core.index_custom_field 1 times" in findings["Failed jobs"][1]


def test_a_worker_that_lives(db, diagnose):
    """REL-4: a beating heart and an empty queue are well."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_workers")
        cursor.execute("INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now())")
    assert {level for level, _text in diagnose(queue.jobs).values()} == {"ok"}


def test_files_that_can_not_be_stored(diagnose, tmp_path):
    """REL-4: a folder that is none is named."""
    blocked = tmp_path / "blocked"
    blocked.write_text("a file, no folder")
    level, text = diagnose(host.storage, data=blocked)["Files"]
    assert level == "error"
    assert str(blocked) in text


def test_a_dead_mail_server(diagnose):
    """REL-4: the address is named, the password in it is not."""
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        address = f"smtp://me:hunter22@127.0.0.1:{unused.getsockname()[1]}"
        level, text = diagnose(host.mail, mail_url=address)["Mail"]
    assert level == "warning"
    assert "127.0.0.1 does not answer" in text
    assert "hunter22" not in text


def test_keys_and_names(diagnose, environment, monkeypatch):
    """SEC-2: a short or open key, any host name, an origin without its scheme."""
    assert diagnose(host.key, secret_key="short")["Secret key"][0] == "error"
    monkeypatch.delenv("KANAL_SECRET_KEY", raising=False)
    path = environment.data / "secret-key"
    path.write_text("k" * 50)
    path.chmod(0o644)
    assert diagnose(host.key)["Secret key"] == ("error", f"other users can read it: chmod 600 {path}")
    path.chmod(0o600)
    assert diagnose(host.key)["Secret key"][0] == "ok"
    assert diagnose(host.names, allowed_hosts=["*"])["Host names"][0] == "warning"
    assert diagnose(host.names, trusted_origins=["crm.example.com"])["Origins"][0] == "error"


def test_search_out_of_step(db, diagnose, by):
    """REL-4, SRCH: records that search lacks, entries without a record or without its owners are counted by type."""
    from kanal.core import registry
    from kanal.features.search.models import SearchEntry

    for number in range(2):
        writes.create(registry.get("ships"), {"name": f"Ship {number}"}, by=by)
    SearchEntry.objects.filter(entity="ships").first().delete()
    SearchEntry.objects.filter(entity="ships").update(scope="")
    SearchEntry.objects.create(entity="ships", record_id=10**9, title="Gone", folded="gone", words="gone")
    level, text = diagnose(records.search)["Search"]
    assert level == "warning"
    assert "ships (1 lacking, 1 too many, 1 without their owners)" in text
    assert "rebuild_search" in text


def test_a_saved_filter_that_no_longer_works(admin, diagnose):
    """LIST-3a: its number is named."""
    tree = {"field": "no_such_field", "op": "is", "values": ["1"]}
    broken = SavedFilter.objects.create(entity="ships", name="Broken", owner=admin, tree=tree)
    gone = SavedFilter.objects.create(entity="planes", name="Of no type", owner=admin, tree={})
    level, text = diagnose(records.filters)["Saved filters"]
    assert level == "warning"
    assert f"#{broken.pk}, #{gone.pk}" in text


@pytest.mark.parametrize("worker", [True, False])
def test_the_exit_code_and_json(db, capsys, monkeypatch, worker):
    """REL-4: 1 if something vital is not well; --json is one object for programs."""
    looked_at = (queue.jobs, records.filters)
    monkeypatch.setattr(report, "LOOKS", looked_at)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_workers")
        if worker:
            cursor.execute("INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now())")
    assert report.run_diagnosis(["--json"]) == (0 if worker else 1)
    summary = json.loads(capsys.readouterr().out)
    assert summary["well"] is worker
    assert {"subject", "level", "text"} == set(summary["findings"][0])
    assert report.run_diagnosis([]) == (0 if worker else 1)
    assert ("✗" in capsys.readouterr().out) is not worker
    with pytest.raises(env.SetupError):
        report.run_diagnosis(["--xml"])


def test_what_can_not_be_looked_at_is_a_finding(environment, monkeypatch):
    """REL-4: one look that fails does not keep the others from being told."""

    def broken(environment):
        raise OSError("the disk is gone")

    [finding] = report.looked(broken, environment)
    assert (finding.level, "the disk is gone" in finding.text) == ("error", True)
