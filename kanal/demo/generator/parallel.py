"""Background tasks: indexes, history and search of one table while the next one loads."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from types import TracebackType
from typing import Any

from django.db import connections


class Crew:
    """A pool of threads, each with its own connection. Without threads, tasks run synchronously."""

    def __init__(self, hands: int) -> None:
        self.pool = ThreadPoolExecutor(hands, thread_name_prefix="generate") if hands else None
        self.asked: list[Future] = []

    def __enter__(self) -> "Crew":
        return self

    def __exit__(self, kind: type | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self.pool is not None:
            self.pool.shutdown(cancel_futures=True)

    def do(self, task: Callable[..., Any], *args: Any) -> None:
        """Run a task."""
        if self.pool is None:
            task(*args)
        else:
            self.asked.append(self.pool.submit(alone, task, *args))

    def wait(self) -> None:
        """Wait for all tasks. Raise the first error."""
        while self.asked:
            self.asked.pop(0).result()


def alone(task: Callable[..., Any], *args: Any) -> None:
    """Run a task in a thread, and close its connection."""
    try:
        task(*args)
    finally:
        connections.close_all()
