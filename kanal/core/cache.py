"""Small tables (options, rights, settings, rates) cached in the process, until the database counts a change.

The database counts the committed changes of such tables (`core/epoch.py`). The number is read along with each session,
token and job; where it is another one than before all is forgotten. What a transaction has changed itself it remembers
apart from the others, who must not see it before the commit.
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
SECONDS = 5.0  # what depends on the day as well, or is only an estimate, is renewed without a change
MOST = 10_000
_pinned: ContextVar[dict[tuple, Any] | None] = ContextVar("kanal_moment", default=None)


class Memory:
    """What this process remembers, and the number of changes that it knows of."""

    def __init__(self) -> None:
        self.kept: Kept = {}
        self.epoch: int | None = None
        self.cleared = 0
        self.lock = threading.Lock()

    def clear(self, epoch: int | None = None) -> None:
        """Forget everything; what others are reading at this moment is not kept either."""
        with self.lock:
            self.kept.clear()
            self.cleared += 1
            if epoch is not None:
                self.epoch = epoch

    def put(self, key: tuple, value: Any, cleared: int) -> None:
        """Keep a value, unless the table may have changed since it was read."""
        with self.lock:
            if cleared == self.cleared:
                put(self.kept, key, value)


class Uncommitted:
    """What a transaction remembers after it changed something; with its commit everybody reads it anew."""

    def __init__(self) -> None:
        self.kept: Kept = {}

    def __call__(self) -> None:
        """Forget what was read before the commit."""
        clear()


_memory = Memory()


def cached(function: Callable[..., T]) -> Callable[..., T]:
    """Keep what a function of a small table returns, until one of those tables changes."""

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
    """Keep a value for some seconds; whoever asks for made-up keys shall not fill the memory."""
    if len(kept) >= MOST:
        kept.clear()
    kept[key] = (time.monotonic() + SECONDS, value)


def clear(epoch: int | None = None) -> None:
    """Drop what the process and the present page remember."""
    _memory.clear(epoch)
    pinned = _pinned.get()
    if pinned is not None:
        pinned.clear()


def invalidate() -> None:
    """Drop what is cached, after a change of such a table; until its commit the new rows are the writer's alone."""
    clear()
    if connection.in_atomic_block:
        transaction.on_commit(Uncommitted())


def uncommitted() -> Uncommitted | None:
    """Return what the present transaction remembers, if it changed something that was not rolled back."""
    if not connection.in_atomic_block:
        return None
    return next((hook[1] for hook in reversed(connection.run_on_commit) if isinstance(hook[1], Uncommitted)), None)


def keep_up(epoch: int) -> None:
    """Forget everything where the database counts another number of changes than this process knows of."""
    if epoch != _memory.epoch:
        clear(epoch)


def known_epoch() -> int | None:
    """Return the number of changes that this process knows of."""
    return _memory.epoch


@contextmanager
def request_snapshot() -> Iterator[None]:
    """Let what is cached stay the same until the end: a page must not mix rights of two moments (ACC-6)."""
    token = _pinned.set({})
    try:
        yield
    finally:
        _pinned.reset(token)
