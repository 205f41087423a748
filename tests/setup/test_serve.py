"""The web server never goes on without its processes (REL-1)."""

import threading
from types import SimpleNamespace

import pytest

from kanal.config import serve


@pytest.fixture
def server(monkeypatch):
    """Give a server with two web processes that are alive, watched ever so often."""
    monkeypatch.setattr(serve, "CHECKED_EVERY", 0.001)
    monkeypatch.setattr(serve, "MISSING_FOR", 0.05)
    alive = {1: True, 2: True}
    workers = [SimpleNamespace(is_alive=lambda number=number: alive[number]) for number in alive]
    return SimpleNamespace(stopping=threading.Event(), wrks=workers, workers=2, alive=alive)


def watched(server, *, until=None):
    """Watch a server until it is left or told to stop; give the codes that it was left with."""
    codes: list[int] = []
    checks = iter(range(10_000))
    wait = server.stopping.wait

    def stop_or_wait(seconds):
        if until and until(next(checks)):
            server.stopping.set()
        return wait(seconds)

    server.stopping = SimpleNamespace(wait=stop_or_wait, set=server.stopping.set)
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
