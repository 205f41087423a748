"""What `try_cluster.py` looks at, one function each; its docstring is the line that is printed."""

import re
import time
from collections.abc import Callable
from contextlib import contextmanager
from typing import Any

from cluster_browser import Browser

LIST = "/crm/accounts/data/?q=Cluster"
state: dict[str, Any] = {}


def browser(machines: Any, name: str = "admin") -> Browser:
    """Return a browser that is signed in through nginx."""
    if name not in state:
        state[name] = Browser(machines.ports["proxy"]).sign_in(name)
    return state[name]


def token(machines: Any) -> str:
    """Return an API token of the administrator."""
    if "token" not in state:
        import subprocess
        import sys

        done = subprocess.run(
            [sys.executable, "-m", "kanal.config.cli", "token", "admin"],
            env=machines.environment(), capture_output=True, text=True, check=True,
        )  # fmt: skip
        state["token"] = done.stdout.strip().splitlines()[-1]
    return state["token"]


def add(machines: Any, who: Browser, name: str, **more: object) -> int:
    """Make an account by the API, in the browser's name."""
    status, made = who.api("POST", "/accounts", token(machines), type="organization", organization=name, **more)
    assert status == 201, f"{status} {made}"
    return made["id"]


def read_from(headers: Any) -> str:
    """Return which server a page was read from."""
    return headers.get("X-Read-From") or "primary"


def until(question: Callable[[], Any], seconds: float = 30) -> float:
    """Ask until it is so; return the seconds that it took."""
    began = time.monotonic()
    while not question():
        assert time.monotonic() < began + seconds, f"not within {seconds:g} s"
        time.sleep(0.1)
    return time.monotonic() - began


@contextmanager
def lagging_replica(machines: Any) -> Any:
    """Keep the replica where it is."""
    machines.sql("replica", "SELECT pg_wal_replay_pause()")
    try:
        yield
    finally:
        machines.sql("replica", "SELECT pg_wal_replay_resume()")


def both_web_processes_serve(machines: Any) -> str:
    """Both web processes serve through nginx"""
    seen = [Browser(machines.ports["proxy"]).get("/readyz") for _each in range(10)]
    assert {status for status, _headers, _text in seen} == {200}
    served = {headers["X-Served-By"] for _status, headers, _text in seen}
    assert len(served) == 2, served
    return f"{len(seen)} answers by {len(served)}"


def a_session_holds(machines: Any) -> str:
    """A user signs in once and is known to both"""
    who = browser(machines)
    pages = [who.get("/crm/leads/") for _each in range(6)]
    assert {page[0] for page in pages} == {200}, [page[0] for page in pages]
    assert len({page[1]["X-Served-By"] for page in pages}) == 2
    return f"{len(pages)} pages"


def lists_are_read_from_the_replica(machines: Any) -> str:
    """Lists, boards and exports are read from the replica, other pages from the primary server"""
    who = browser(machines, "director")
    until(lambda: read_from(who.get(LIST)[1]) == "replica")
    for path in (LIST, "/crm/opportunities/kanban/", "/crm/leads/data/export.csv"):
        status, headers, _text = who.get(path)
        assert (status, read_from(headers)) == (200, "replica"), (path, status, read_from(headers))
    for path in ("/", "/settings/", "/crm/accounts/new"):
        status, headers, _text = who.get(path)
        assert (status, read_from(headers)) == (200, "primary"), (path, status, read_from(headers))
    return ""


def own_writes_are_seen_at_once(machines: Any) -> str:
    """One's own writes are seen at once while the replica stands still, others see them when it goes on"""
    who, other = browser(machines), browser(machines, "director")
    with lagging_replica(machines):
        for number in range(10):
            add(machines, who, f"Cluster own {number}")
            _status, headers, text = who.get(LIST)
            assert f"Cluster own {number}" in text, number
            assert read_from(headers) == "primary"
        _status, headers, text = other.get(LIST)
        assert read_from(headers) == "replica"
        assert "Cluster own" not in text
    until(lambda: read_from(who.get(LIST)[1]) == "replica")
    assert "kanal_written" not in who.cookies
    until(lambda: "Cluster own 9" in other.get(LIST)[2])
    return "10 writes"


def jobs_run(machines: Any) -> str:
    """Leads that come in are handled by the workers"""
    key = machines.sql("primary", "SELECT key FROM intake_intakesource LIMIT 1")[0]
    who = Browser(machines.ports["proxy"])
    for number in range(20):
        lead = f'{{"subject": "Cluster lead {number}", "last_name": "L{number}", "email": "l{number}@cluster.example"}}'
        status, _headers, _text = who.ask("POST", f"/api/v1/intake/{key}", lead, Content_Type="application/json")
        assert status == 202, status
    count = "SELECT count(*) FROM intake_intake WHERE name LIKE 'Cluster lead%' AND state = 'done'"
    seconds = until(lambda: machines.sql("primary", count)[0] == 20, 60)
    workers = machines.sql("primary", "SELECT count(*) FROM procrastinate_workers")[0]
    assert workers == 2, workers
    return f"20 leads, the last after {seconds:.1f} s, {workers} workers"


def rights_hold(machines: Any) -> str:
    """A partner's lists hold the same on the replica as on the primary server, and nothing of others"""
    who, found = browser(machines, "partner"), []
    partner = machines.sql("primary", "SELECT partner_id FROM people_user WHERE username = 'partner'")[0]
    ours = add(machines, browser(machines), "Of the partner", partner=partner)
    until(lambda: str(ours) in records_in(who.get("/crm/accounts/data/?filter=")[2]))
    for path in ("/crm/leads/data/?filter=", "/crm/opportunities/data/?filter=", "/crm/accounts/data/?filter="):
        until(lambda path=path: read_from(who.get(path)[1]) == "replica")
        status, _headers, there = who.get(path)
        who.cookies["kanal_written"] = "FFFFFFFF/0"  # what the replica has not reached is read from the primary server
        _status, headers, here = who.get(path)
        del who.cookies["kanal_written"]
        assert (status, read_from(headers)) == (200, "primary"), (path, status, read_from(headers))
        assert records_in(there) == records_in(here), path
        assert "Cluster" not in there, path
        found.append(len(records_in(there)))
    return f"{', '.join(map(str, found))} leads, opportunities, accounts"


def records_in(page: str) -> set[str]:
    """Return the ids of the rows of a list."""
    return set(re.findall(r'data-record="(\d+)"', page))


def many_at_once(machines: Any) -> str:
    """Forty sessions at once are served over the eight connections of PgBouncer"""
    from concurrent.futures import ThreadPoolExecutor

    who = browser(machines, "seller")
    paths = ["/", "/crm/leads/data/", "/crm/opportunities/kanban/", "/me/", "/crm/accounts/"] * 40
    with ThreadPoolExecutor(40) as pool:
        seen = list(pool.map(lambda path: Browser.get(copy_of(who), path)[0], paths))
    assert set(seen) == {200}, sorted(set(seen))
    busy = "SELECT count(*) FROM pg_stat_activity WHERE application_name = '' AND backend_type = 'client backend'"
    return f"{len(seen)} pages, {machines.sql('primary', busy)[0]} connections to the primary server"


def copy_of(who: Browser) -> Browser:
    """Return another browser with the same session."""
    made = Browser(who.port)
    made.cookies = dict(who.cookies)
    return made


def a_web_process_ends(machines: Any) -> str:
    """With one web process killed every page is served by the other"""
    machines.end("two", kill=True)
    who = browser(machines)
    seen = [who.get("/crm/leads/data/")[0] for _each in range(10)]
    assert set(seen) == {200}, seen
    machines.web("two")
    return f"{len(seen)} pages"


def a_worker_ends(machines: Any) -> str:
    """With one worker killed the other goes on"""
    machines.end("worker one", kill=True)
    key = machines.sql("primary", "SELECT key FROM intake_intakesource LIMIT 1")[0]
    lead = '{"subject": "Cluster late", "last_name": "Late", "email": "late@cluster.example"}'
    status, _headers, _text = Browser(machines.ports["proxy"]).ask(
        "POST", f"/api/v1/intake/{key}", lead, Content_Type="application/json"
    )
    assert status == 202, status
    done = "SELECT count(*) FROM intake_intake WHERE name = 'Cluster late' AND state = 'done'"
    return f"{until(lambda: machines.sql('primary', done)[0] == 1, 60):.1f} s"


def the_replica_ends(machines: Any) -> str:
    """With the replica killed lists are read from the primary server, and from it again when it is back"""
    who = browser(machines, "director")
    machines.end("replica", kill=True)
    slowest = 0.0
    for _each in range(10):
        began = time.monotonic()
        status, headers, _text = who.get(LIST)
        slowest = max(slowest, time.monotonic() - began)
        assert (status, read_from(headers)) == (200, "primary"), (status, read_from(headers))
    machines.postgres("replica")
    back = until(lambda: read_from(who.get(LIST)[1]) == "replica", 60)
    return f"slowest page {slowest:.1f} s, used again {back:.1f} s after its start"


CHECKS = (
    both_web_processes_serve, a_session_holds, lists_are_read_from_the_replica, own_writes_are_seen_at_once, jobs_run,
    rights_hold, many_at_once, a_web_process_ends, a_worker_ends, the_replica_ends,
)  # fmt: skip
