"""The web server never goes on without its processes (REL-1)."""

import os
import signal
import subprocess
import sys
import time
import urllib.request
from types import SimpleNamespace

import psutil
import pytest

from kanal.config import serve


@pytest.fixture
def server(monkeypatch):
    """Return a server with two web processes that are alive; its clock goes on with each check alone."""
    alive = {1: True, 2: True}
    workers = [SimpleNamespace(is_alive=lambda number=number: alive[number]) for number in alive]
    server = SimpleNamespace(stopping=None, wrks=workers, workers=2, alive=alive, clock=0.0)
    monkeypatch.setattr(serve, "time", SimpleNamespace(monotonic=lambda: server.clock))
    return server


def watched(server, *, until=None):
    """Watch a server until it is left or told to stop; return the codes that it was left with."""
    codes: list[int] = []
    checks = iter(range(10_000))

    def stop_or_wait(seconds):
        server.clock += seconds
        return bool(until and until(next(checks)))

    server.stopping = SimpleNamespace(wait=stop_or_wait)
    serve.end_when_incomplete(server, codes.append)
    return codes


def test_a_server_that_lost_a_process_ends(server):
    server.alive[2] = False
    assert watched(server) == [1]


def test_a_server_whose_process_was_never_started_again_ends(server):
    del server.wrks[1]
    assert watched(server) == [1]


def test_a_process_that_is_started_again_in_time_is_no_reason(server):
    def turn(check):
        server.alive[2] = check % 3 != 0
        return check > 300

    assert watched(server, until=turn) == []


def test_a_server_that_stops_is_left_alone(server):
    server.alive.update({1: False, 2: False})
    assert watched(server, until=lambda check: check == 1) == []


def words_of(process):
    """Return the command line of a process; nothing of one that has ended."""
    try:
        return " ".join(process.cmdline())
    except psutil.Error:
        return ""


def web_processes(server, without=()):
    """Wait for two web processes that are none of those before; return them."""
    end = time.monotonic() + 60
    while time.monotonic() < end and server.poll() is None:
        processes = [child for child in psutil.Process(server.pid).children() if "spawn_main" in words_of(child)]
        if len(processes) == 2 and not set(processes) & set(without):
            return processes
        time.sleep(0.02)
    return []


def wait_for(url):
    """Wait until something answers."""
    end = time.monotonic() + 60
    while time.monotonic() < end:
        try:
            return urllib.request.urlopen(url, timeout=5).status
        except OSError:
            time.sleep(0.1)
    return None


def test_a_server_whose_processes_were_killed_does_not_wait_for_them_when_it_stops(data, free_port):
    """REL-1: killed processes had been waiting for the end of the server; it does not wait for them in turn."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    variables = {"KANAL_DATA": str(data), "PORT": str(free_port), "KANAL_WEB_WORKERS": "2"}
    variables["DATABASE_URL"] = "postgresql://nobody@127.0.0.1:1/nothing"
    command = [sys.executable, "-m", "kanal.config.cli", "serve"]
    server = subprocess.Popen(command, env={**kept, **variables}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        first = web_processes(server)
        assert wait_for(f"http://127.0.0.1:{free_port}/healthz") == 200
        for process in first:
            process.send_signal(signal.SIGKILL)
        assert web_processes(server, first) or server.poll() == 1
        server.terminate()
        server.wait(40)
    finally:
        server.kill()
        server.wait()
