"""Small tables (options, custom fields, currencies, settings) remembered in the process for a few seconds."""

import time
from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

T = TypeVar("T")
SECONDS = 5.0
MOST = 10_000
_kept: dict[tuple, tuple[float, Any]] = {}


def remembered(function: Callable[..., T]) -> Callable[..., T]:
    """Keep what a function of a small table answers for a few seconds; `forget` drops all of it at once."""

    @wraps(function)
    def ask(*args: Any) -> T:
        key = (function.__module__, function.__qualname__, *args)
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
