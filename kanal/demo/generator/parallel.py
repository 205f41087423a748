"""Does what need not wait in turn: indexes, history and search of one table while the next one is loaded."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from types import TracebackType
from typing import Any

from django.db import connections


class Crew:
    """So many hands, each with a connection of its own; without hands all is done at once where it is asked for."""

    def __init__(self, hands: int) -> None:
        self.pool = ThreadPoolExecutor(hands, thread_name_prefix="generate") if hands else None
        self.asked: list[Future] = []

    def __enter__(self) -> "Crew":
        return self

    def __exit__(self, kind: type | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self.pool is not None:
            self.pool.shutdown(cancel_futures=True)

    def do(self, task: Callable[..., Any], *args: Any) -> None:
        """Have something done."""
        if self.pool is None:
            task(*args)
        else:
            self.asked.append(self.pool.submit(alone, task, *args))

    def wait(self) -> None:
        """Wait until all is done that was asked for; raise what went wrong."""
        while self.asked:
            self.asked.pop(0).result()


def alone(task: Callable[..., Any], *args: Any) -> None:
    """Do something in a thread, and give its connection back."""
    try:
        task(*args)
    finally:
        connections.close_all()
