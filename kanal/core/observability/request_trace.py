"""The trace of one request or job: its id, user, statements and their time, passed to listeners at its end."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from operator import attrgetter
from typing import Any

from kanal.kit.registries import ListRegistry

SLOW_SECONDS = 0.2
MOST_SLOW = 20


@dataclass
class RequestTrace:
    """One request or job in progress. Times are in seconds."""

    kind: str
    name: str = ""
    request_id: str = ""
    job_id: int | None = None
    who: Callable[[], int | None] | None = None
    began: float = field(default_factory=time.perf_counter)
    seconds: float = 0.0
    statements: int = 0
    statement_seconds: float = 0.0
    slow: list[tuple[str, float]] = field(default_factory=list)
    failed: bool = False
    facts: dict[str, Any] = field(default_factory=dict)

    @property
    def user_id(self) -> int | None:
        """Return the user's id, if already known."""
        return self.who() if self.who else None

    def add(self, sql: str, seconds: float) -> None:
        """Count one statement. Slow ones are stored without their parameters."""
        self.statements += 1
        self.statement_seconds += seconds
        if seconds >= SLOW_SECONDS and len(self.slow) < MOST_SLOW:
            self.slow.append((sql, seconds))

    def end(self) -> None:
        """Stop the clock and call the listeners."""
        self.seconds = time.perf_counter() - self.began
        for function in _listeners.of("finished"):
            function(self)


_current: ContextVar[RequestTrace | None] = ContextVar("kanal_trace", default=None)
_listeners: ListRegistry[Callable[[RequestTrace], None]] = ListRegistry("trace listeners", attrgetter("__module__"))


def current_trace() -> RequestTrace | None:
    """Return the trace of the current request or job."""
    return _current.get()


def request_id() -> str:
    """Return the id of the current request, in a job that of its originating request, otherwise an empty text."""
    trace = _current.get()
    return trace.request_id if trace else ""


def on_finished(function: Callable[[RequestTrace], None]) -> None:
    """Call a function with each finished trace. It must be fast and must not fail."""
    _listeners.add("finished", function)


@contextmanager
def tracing(trace: RequestTrace) -> Iterator[RequestTrace]:
    """Make this the current trace. The caller ends it when the outcome is known."""
    token = _current.set(trace)
    try:
        yield trace
    finally:
        _current.reset(token)
