"""Running numbers (quote 2026-0042): one row per series, locked while a number is drawn."""

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
    """Draw the next number of a series, 1 first; two transactions never draw the same one."""
    held = _held.get()
    if held is None:
        return lock_sequence(DRAW, series)
    if series not in held:
        held[series] = lock_sequence(HOLD, series)
    held[series] += 1
    return held[series]


def lock_sequence(statement: str, series: str) -> int:
    """Lock the row of a series until the transaction ends; return the last number that it tells."""
    with connection.cursor() as cursor:
        cursor.execute(statement, [series])
        return int(cursor.fetchone()[0])


@contextmanager
def drawn_together() -> Iterator[None]:
    """Draw many numbers by two statements a series; those that were put back are drawn again, so none is missing.

    Only inside a transaction: it holds a series from the first number on.
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
    """Note which numbers have been drawn so far."""
    return dict(_held.get() or {})


def back_to(marked: dict[str, int]) -> None:
    """Put back the numbers that were drawn since: what they were for is not made."""
    held = _held.get()
    if held is not None:
        for series in [name for name in held if name not in marked]:
            del held[series]
        held.update(marked)
