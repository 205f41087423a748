"""Small tables (options, permissions, settings, rates) cached in the process until the database counts a change.

The database counts the committed changes of such tables (`core/epoch.py`). The number is read with each session,
token and job. If it differs from the previous one, the cache is cleared. A transaction caches its own changes
separately from others, which must not see them before the commit.
"""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import Any, TypeVar

from django.db import connection, transaction

T = TypeVar("T")
Kept = dict[tuple, tuple[float, Any]]
SECONDS = 5.0  # values that also depend on the day, or are estimates, are renewed without a change
MOST = 10_000
_pinned: ContextVar[dict[tuple, Any] | None] = ContextVar("kanal_moment", default=None)


class Memory:
    """The process's cache, and the last known number of changes."""

    def __init__(self) -> None:
        self.kept: Kept = {}
        self.epoch: int | None = None
        self.cleared = 0
        self.lock = threading.Lock()

    def clear(self, epoch: int | None = None) -> None:
        """Clear the cache, and don't cache values that are being read at this moment."""
        with self.lock:
            self.kept.clear()
            self.cleared += 1
            if epoch is not None:
                self.epoch = epoch

    def put(self, key: tuple, value: Any, cleared: int) -> None:
        """Cache a value, unless the table may have changed since it was read."""
        with self.lock:
            if cleared == self.cleared:
                put(self.kept, key, value)


class Uncommitted:
    """The cache of a transaction after its own changes. On commit everyone reads the tables again."""

    def __init__(self) -> None:
        self.kept: Kept = {}

    def __call__(self) -> None:
        """Clear everything read before the commit."""
        clear()


_memory = Memory()


def cached(function: Callable[..., T]) -> Callable[..., T]:
    """Cache the return value of a function that reads a small table, until such a table changes."""

    @wraps(function)
    def ask(*args: Any) -> T:
        key = (function.__module__, function.__qualname__, *args)
        if (own := uncommitted()) is not None:
            return lately(own.kept, key, lambda value: put(own.kept, key, value), args)
        pinned = _pinned.get()
        if pinned is not None and key in pinned:
            return pinned[key]
        cleared = _memory.cleared
        value = lately(_memory.kept, key, lambda value: _memory.put(key, value, cleared), args)
        if pinned is not None:
            pinned[key] = value
        return value

    def lately(kept: Kept, key: tuple, keep: Callable[[T], None], args: tuple) -> T:
        hit = kept.get(key)
        if hit and hit[0] > time.monotonic():
            return hit[1]
        value = function(*args)
        keep(value)
        return value

    return ask


def put(kept: Kept, key: tuple, value: Any) -> None:
    """Cache a value for some seconds. The limit keeps requests with made-up keys from filling the memory."""
    if len(kept) >= MOST:
        kept.clear()
    kept[key] = (time.monotonic() + SECONDS, value)


def clear(epoch: int | None = None) -> None:
    """Clear the caches of the process and the current page."""
    _memory.clear(epoch)
    pinned = _pinned.get()
    if pinned is not None:
        pinned.clear()


def invalidate() -> None:
    """Clear the cache after a change of such a table. Until the commit, only the writer sees the new rows."""
    clear()
    if connection.in_atomic_block:
        transaction.on_commit(Uncommitted())


def uncommitted() -> Uncommitted | None:
    """Return the cache of the current transaction, if it has a change that wasn't rolled back."""
    if not connection.in_atomic_block:
        return None
    return next((hook[1] for hook in reversed(connection.run_on_commit) if isinstance(hook[1], Uncommitted)), None)


def keep_up(epoch: int) -> None:
    """Clear the cache if the database's number of changes differs from the one known to this process."""
    if epoch != _memory.epoch:
        clear(epoch)


def known_epoch() -> int | None:
    """Return the number of changes known to this process."""
    return _memory.epoch


@contextmanager
def request_snapshot() -> Iterator[None]:
    """Keep cached values stable for the block: a page must not mix the permissions of two moments (ACC-6)."""
    token = _pinned.set({})
    try:
        yield
    finally:
        _pinned.reset(token)
