"""Reads from a replica that may lag: eligible models, duration, and whether it includes a user's writes (SCALE-1).

Access isn't decided here: the same queries run there, with permissions from the primary server.
"""

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import DatabaseError, connection, connections

ALIAS = "replica"
FRESH_SECONDS = 0.5
DOWN_SECONDS = 5.0
POSITION = re.compile(r"[0-9A-F]{1,8}/[0-9A-F]{1,8}")
ASKED = """
SELECT pg_last_wal_replay_lsn()::text, pg_is_in_recovery() AND EXISTS (SELECT 1 FROM pg_stat_wal_receiver)
"""
_lagging: ContextVar[bool] = ContextVar("lagging", default=False)


@dataclass
class State:
    """The process's knowledge of the replica: its position, and how long that is considered valid."""

    reached: int = -1
    until: float = 0.0


_state = State()


class Router:
    """Routes reads of records to the replica inside `lagging`, everything else to the primary server."""

    def db_for_read(self, model: Any, **hints: Any) -> str:
        """Return the server for a read."""
        return ALIAS if _lagging.get() and may_lag(model) else "default"

    def db_for_write(self, model: Any, **hints: Any) -> str:
        """Return the primary server."""
        return "default"

    def allow_relation(self, record: Any, other: Any, **hints: Any) -> bool:
        """Permit relations regardless of the server."""
        return True

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool:
        """Permit migrations on the primary server only."""
        return db == "default"


def may_lag(model: Any) -> bool:
    """Return whether rows of a model may be stale: records and their search entries, but not users."""
    name = model.__module__
    return name.startswith(("kanal.entities.", "kanal.features.search")) and ".people." not in name


def is_used() -> bool:
    """Return whether a replica is configured."""
    return ALIAS in settings.DATABASES


@contextmanager
def lagging(on: bool = True) -> Iterator[None]:
    """Permit stale reads in this block."""
    token = _lagging.set(on)
    try:
        yield
    finally:
        _lagging.reset(token)


def let_lag() -> None:
    """Permit stale reads from here to the end of the surrounding `lagging` block."""
    _lagging.set(True)


def number_of(position: str) -> int:
    """Convert a log position (16/B374D848) to a number. Raise ValueError for anything else."""
    if not POSITION.fullmatch(position):
        raise ValueError(position)
    high, low = position.split("/")
    return (int(high, 16) << 32) + int(low, 16)


def current_lsn() -> str:
    """Return the log position after all writes."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_current_wal_lsn()::text")
        return cursor.fetchone()[0]


def has_reached(wanted: int) -> bool:
    """Return whether the replica is following the primary server and has reached a position."""
    now = time.monotonic()
    if now >= _state.until or 0 <= _state.reached < wanted:
        poll_replica(now)
    return _state.reached >= wanted


def poll_replica(now: float) -> None:
    """Query the replica's position. If it doesn't respond, avoid it for a while."""
    try:
        with connections[ALIAS].cursor() as cursor:
            cursor.execute(ASKED)
            position, follows = cursor.fetchone()
    except DatabaseError:
        leave_alone(now)
        return
    if follows:
        _state.reached, _state.until = number_of(position), now + FRESH_SECONDS
    else:
        leave_alone(now)


def leave_alone(now: float | None = None) -> None:
    """Read from the primary server for some seconds."""
    _state.reached, _state.until = -1, (time.monotonic() if now is None else now) + DOWN_SECONDS
