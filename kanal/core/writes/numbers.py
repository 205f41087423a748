"""Running numbers (quote 2026-0042): one row per series, locked while a number is drawn."""

from django.db import connection


def next_number(series: str) -> int:
    """Draw the next number of a series, 1 first; two transactions never draw the same one."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO core_series (name, last) VALUES (%s, 1)"
            " ON CONFLICT (name) DO UPDATE SET last = core_series.last + 1 RETURNING last",
            [series],
        )
        return cursor.fetchone()[0]
