"""Sequential numbers (quote 2026-0042): one row per series, locked while a number is drawn."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.db import connection

HOLD = (
    "INSERT INTO core_series (name, last) VALUES (%s, 0)"
    " ON CONFLICT (name) DO UPDATE SET last = core_series.last RETURNING last"
)
DRAW = (
    "INSERT INTO core_series (name, last) VALUES (%s, 1)"
    " ON CONFLICT (name) DO UPDATE SET last = core_series.last + 1 RETURNING last"
)
_held: ContextVar[dict[str, int] | None] = ContextVar("kanal_series", default=None)


def next_number(series: str) -> int:
    """Return the next number of a series, starting at 1. Two transactions never draw the same number."""
    held = _held.get()
    if held is None:
        return lock_sequence(DRAW, series)
    if series not in held:
        held[series] = lock_sequence(HOLD, series)
    held[series] += 1
    return held[series]


def lock_sequence(statement: str, series: str) -> int:
    """Lock the row of a series until the end of the transaction. Return its last number."""
    with connection.cursor() as cursor:
        cursor.execute(statement, [series])
        return int(cursor.fetchone()[0])


@contextmanager
def drawn_together() -> Iterator[None]:
    """Draw many numbers with two statements per series. Numbers put back are reused, so that there are no gaps.

    Requires a transaction: it locks a series from the first number.
    """
    if _held.get() is not None:
        yield
        return
    held: dict[str, int] = {}
    token = _held.set(held)
    try:
        yield
        with connection.cursor() as cursor:
            for series, last in held.items():
                cursor.execute("UPDATE core_series SET last = %s WHERE name = %s", [last, series])
    finally:
        _held.reset(token)


def mark() -> dict[str, int]:
    """Return the last numbers drawn so far."""
    return dict(_held.get() or {})


def back_to(marked: dict[str, int]) -> None:
    """Put back the numbers drawn since a mark, as their records weren't created."""
    held = _held.get()
    if held is not None:
        for series in [name for name in held if name not in marked]:
            del held[series]
        held.update(marked)
