"""Conflicts between concurrent transactions on the same rows: retries the one that PostgreSQL aborted (REL-2)."""

import random
import time
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from django.db import OperationalError, connection
from django.utils.translation import gettext as _
from psycopg.errors import DeadlockDetected, SerializationFailure

from kanal.kit.errors import Refused

P = ParamSpec("P")
T = TypeVar("T")
TRIES = 4


def is_conflict(problem: BaseException) -> bool:
    """Return whether PostgreSQL rolled a transaction back only because of a concurrent one."""
    return isinstance(problem, OperationalError) and isinstance(
        problem.__cause__, DeadlockDetected | SerializationFailure
    )


def overtaken() -> Refused:
    """Return the error for work that conflicted at every try."""
    return Refused(_("Somebody else is changing the same records. Nothing was saved; please try again."))


def retried(function: Callable[P, T]) -> Callable[P, T]:
    """Retry a function that is its own transaction after a conflict rolled it back. Raise Refused after all tries."""

    @wraps(function)
    def run(*args: P.args, **named: P.kwargs) -> T:
        for number in range(TRIES):
            try:
                return function(*args, **named)
            except OperationalError as problem:
                if not is_conflict(problem) or connection.in_atomic_block:
                    raise
            if number + 1 < TRIES:
                pause(number)
        raise overtaken()

    return run


def pause(number: int) -> None:
    """Wait for a random time that grows with each try, so that both transactions don't collide again."""
    time.sleep(random.uniform(0.02, 0.1) * 2**number)  # noqa: S311
