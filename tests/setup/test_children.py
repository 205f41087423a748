"""The supervisor's children: started again when they die, ended when asked."""

import os
import signal
import time

import pytest

from kanal.config.processes import Child, reason


@pytest.fixture
def child(monkeypatch):
    """Return a child that sleeps in place of a server."""
    child = Child("serve")
    monkeypatch.setattr(Child, "command", lambda self: ["/bin/sleep", "60"])
    yield child
    child.ask()
    child.stop(1)


def test_a_child_that_dies_is_started_again(child):
    child.start()
    first = child.process.pid
    os.kill(first, signal.SIGKILL)
    child.process.wait()
    assert "signal SIGKILL" in child.watch()
    assert child.watch() is None
    child.due = time.monotonic()
    child.watch()
    assert child.process.pid != first


def test_a_child_that_keeps_dying_is_started_ever_later(child):
    pauses = []
    for _ in range(8):
        child.start()
        os.kill(child.process.pid, signal.SIGKILL)
        child.process.wait()
        child.watch()
        pauses.append(child.pause)
    assert pauses == [0.5, 1, 2, 4, 8, 16, 30, 30]


def test_a_child_that_was_asked_to_end_is_started_again_soon(child):
    for _ in range(6):
        child.start()
        child.ask()
        child.process.wait()
        child.watch()
    assert child.pause == 0.5


def test_a_child_ends_when_asked(child):
    child.start()
    child.ask()
    child.stop(5)
    assert child.process.returncode == -signal.SIGTERM


def test_the_reason_of_an_end_is_readable():
    assert reason(-9) == "signal SIGKILL"
    assert reason(3) == "exit code 3"
