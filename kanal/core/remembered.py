"""Small tables (options, custom fields, currencies, settings) remembered in the process for a few seconds."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import Any, TypeVar

T = TypeVar("T")
SECONDS = 5.0
MOST = 10_000
_kept: dict[tuple, tuple[float, Any]] = {}
_pinned: ContextVar[dict[tuple, Any] | None] = ContextVar("kanal_moment", default=None)


def remembered(function: Callable[..., T]) -> Callable[..., T]:
    """Keep what a function of a small table answers for a few seconds; `forget` drops all of it at once."""

    @wraps(function)
    def ask(*args: Any) -> T:
        key = (function.__module__, function.__qualname__, *args)
        pinned = _pinned.get()
        if pinned is not None and key in pinned:
            return pinned[key]
        value = lately(key, args)
        if pinned is not None:
            pinned[key] = value
        return value

    def lately(key: tuple, args: tuple) -> T:
        found = _kept.get(key)
        now = time.monotonic()
        if found and found[0] > now:
            return found[1]
        value = function(*args)
        if len(_kept) >= MOST:  # whoever asks for made-up keys shall not fill the memory
            _kept.clear()
        _kept[key] = (now + SECONDS, value)
        return value

    return ask


def forget() -> None:
    """Drop what is remembered: the pen calls it after a change of such a table."""
    _kept.clear()
    pinned = _pinned.get()
    if pinned is not None:
        pinned.clear()


@contextmanager
def one_moment() -> Iterator[None]:
    """Let what is remembered stay the same until the end: a page must not mix rights of two moments (ACC-6)."""
    token = _pinned.set({})
    try:
        yield
    finally:
        _pinned.reset(token)
