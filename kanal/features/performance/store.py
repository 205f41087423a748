"""Collect this process's measurements in memory and write them to the tables every few seconds, in a thread.

The overhead is a few microseconds per request. A killed process loses only a few seconds of figures.
"""

import datetime as dt
import hashlib
import re
import threading
from dataclasses import dataclass, field

import structlog
from django.conf import settings
from django.db import DatabaseError, InterfaceError, close_old_connections, connection
from django.utils import timezone

from kanal.core.observability import RequestTrace
from kanal.features.performance.durations import LIMITS, bucket_index

SECONDS = 15
KEPT_DAYS = 14
MOST_STATEMENTS = 500
MOST_NAMES = 2000
LISTS = re.compile(r"(%s)(?:,\s*%s)+")
LITERALS = re.compile(r"'(?:[^']|'')*'")
log = structlog.get_logger("kanal.performance")

ADD_TIME = """
INSERT INTO performance_routetime AS old
  (hour, kind, name, count, failures, seconds, statements, statement_seconds, durations)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s::int[])
ON CONFLICT ON CONSTRAINT performance_routetime_once DO UPDATE SET
  count = old.count + excluded.count, failures = old.failures + excluded.failures,
  seconds = old.seconds + excluded.seconds, statements = old.statements + excluded.statements,
  statement_seconds = old.statement_seconds + excluded.statement_seconds,
  durations = (SELECT array_agg(a + b ORDER BY place)
               FROM unnest(old.durations, excluded.durations) WITH ORDINALITY AS both_(a, b, place))
"""
ADD_STATEMENT = """
INSERT INTO performance_slowstatement AS old (digest, text, origin, count, seconds, slowest, last_at)
VALUES (%s, %s, %s, %s, %s, %s, now())
ON CONFLICT (digest) DO UPDATE SET
  origin = excluded.origin, count = old.count + excluded.count, seconds = old.seconds + excluded.seconds,
  slowest = greatest(old.slowest, excluded.slowest), last_at = now()
"""
FORGET_TIMES = "DELETE FROM performance_routetime WHERE hour < now() - make_interval(days => %s)"
FORGET_STATEMENTS = """
DELETE FROM performance_slowstatement WHERE last_at < now() - make_interval(days => %s)
OR id IN (SELECT id FROM performance_slowstatement ORDER BY seconds DESC OFFSET %s)
"""


@dataclass
class Sum:
    """Measurements of a route or job since the last write."""

    count: int = 0
    failures: int = 0
    seconds: float = 0.0
    statements: int = 0
    statement_seconds: float = 0.0
    durations: list[int] = field(default_factory=lambda: [0] * (len(LIMITS) + 1))

    def add(self, trace: RequestTrace) -> None:
        """Add a request or job."""
        self.count += 1
        self.failures += trace.failed
        self.seconds += trace.seconds
        self.statements += trace.statements
        self.statement_seconds += trace.statement_seconds
        self.durations[bucket_index(trace.seconds)] += 1


@dataclass
class Slow:
    """A slow statement since the last write."""

    text: str
    origin: str = ""
    count: int = 0
    seconds: float = 0.0
    slowest: float = 0.0


_lock = threading.Lock()
_times: dict[tuple[dt.datetime, str, str], Sum] = {}
_statements: dict[str, Slow] = {}
_writer: threading.Thread | None = None


def queue_trace(trace: RequestTrace) -> None:
    """Add a finished request or job to the next write."""
    hour = timezone.now().replace(minute=0, second=0, microsecond=0)
    with _lock:
        key = (hour, trace.kind, trace.name[:200])
        if key in _times or len(_times) < MOST_NAMES:
            _times.setdefault(key, Sum()).add(trace)
        for sql, seconds in trace.slow:
            keep_statement(without_literals(sql), trace.name[:200], seconds)
    start_writer()


def keep_statement(text: str, origin: str, seconds: float) -> None:
    """Add a slow statement."""
    digest = hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()
    if digest in _statements or len(_statements) < MOST_STATEMENTS:
        slow = _statements.setdefault(digest, Slow(text))
        slow.origin, slow.count, slow.seconds = origin, slow.count + 1, slow.seconds + seconds
        slow.slowest = max(slow.slowest, seconds)


def without_literals(sql: str) -> str:
    """Return a statement without literals, and with lists of any length collapsed."""
    return LISTS.sub(r"\1", LITERALS.sub("%s", sql))[:20_000]


def start_writer() -> None:
    """Start the writer thread. Tests write when they read."""
    global _writer  # noqa: PLW0603  one thread per process
    if _writer is None and settings.PERFORMANCE_KEPT:
        _writer = threading.Thread(target=write_for_ever, name="kanal-performance", daemon=True)
        _writer.start()


def write_for_ever() -> None:
    """Write every few seconds until the process ends."""
    pause, forgotten = threading.Event(), None
    while not pause.wait(SECONDS):
        try:
            flush_traces()
            if forgotten != timezone.now().date():
                forget_old()
                forgotten = timezone.now().date()
        except (DatabaseError, InterfaceError, OSError) as problem:
            log.warning("figures were not written", reason=type(problem).__name__)
        finally:
            close_old_connections()


def flush_traces() -> None:
    """Write the measurements in a fixed order, so that two processes can't deadlock."""
    with _lock:
        times, statements = dict(_times), dict(_statements)
        _times.clear()
        _statements.clear()
    if not times and not statements:
        return
    with connection.cursor() as cursor:
        for (hour, kind, name), total in sorted(times.items(), key=lambda pair: pair[0]):
            figures = (
                total.count,
                total.failures,
                total.seconds,
                total.statements,
                total.statement_seconds,
                total.durations,
            )
            cursor.execute(ADD_TIME, [hour, kind, name, *figures])
        for digest, slow in sorted(statements.items()):
            cursor.execute(ADD_STATEMENT, [digest, slow.text, slow.origin, slow.count, slow.seconds, slow.slowest])


def forget_old() -> None:
    """Delete data older than two weeks, and the least significant of too many statements."""
    with connection.cursor() as cursor:
        cursor.execute(FORGET_TIMES, [KEPT_DAYS])
        cursor.execute(FORGET_STATEMENTS, [KEPT_DAYS, MOST_STATEMENTS])
