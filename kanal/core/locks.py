"""Locks by name, for what has no row of its own to lock; held until the transaction ends."""

from django.db import connection


def hold(name: str) -> None:
    """Wait until no other transaction holds this name, then hold it; only inside a transaction."""
    assert connection.in_atomic_block, "a lock by name ends with its transaction"
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [name])
