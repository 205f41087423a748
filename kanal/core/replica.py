"""Reads that may lag go to a replica: which models, for how long, and whether it has what a user has written (SCALE-1).

Nothing here decides who sees what: the same queries run there, with the rights read from the primary server.
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
    """What this process knows of the replica: how far it is, and until when that is believed."""

    reached: int = -1
    until: float = 0.0


_state = State()


class Router:
    """Sends reads of records to the replica inside `lagging`, everything else to the primary server."""

    def db_for_read(self, model: Any, **hints: Any) -> str:
        """Choose the server of a read."""
        return ALIAS if _lagging.get() and may_lag(model) else "default"

    def db_for_write(self, model: Any, **hints: Any) -> str:
        """Write to the primary server."""
        return "default"

    def allow_relation(self, record: Any, other: Any, **hints: Any) -> bool:
        """Let records be joined wherever they were read."""
        return True

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool:
        """Leave the replica alone."""
        return db == "default"


def may_lag(model: Any) -> bool:
    """Return whether rows of a model may be read late: records and their search entries, but no users."""
    name = model.__module__
    return name.startswith(("kanal.entities.", "kanal.features.search")) and ".people." not in name


def is_used() -> bool:
    """Return whether there is a replica."""
    return ALIAS in settings.DATABASES


@contextmanager
def lagging(on: bool = True) -> Iterator[None]:
    """Let reads in this block lag."""
    token = _lagging.set(on)
    try:
        yield
    finally:
        _lagging.reset(token)


def let_lag() -> None:
    """Let the reads that follow lag, until the block of `lagging` around ends."""
    _lagging.set(True)


def number_of(position: str) -> int:
    """Turn a position in the log (16/B374D848) into a number; raise ValueError for anything else."""
    if not POSITION.fullmatch(position):
        raise ValueError(position)
    high, low = position.split("/")
    return (int(high, 16) << 32) + int(low, 16)


def current_lsn() -> str:
    """Return the position in the log after what has been written."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_current_wal_lsn()::text")
        return cursor.fetchone()[0]


def has_reached(wanted: int) -> bool:
    """Return whether the replica follows the primary server and has all up to a position."""
    now = time.monotonic()
    if now >= _state.until or 0 <= _state.reached < wanted:
        poll_replica(now)
    return _state.reached >= wanted


def poll_replica(now: float) -> None:
    """Ask the replica how far it is; one that does not answer is left alone for a while."""
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
