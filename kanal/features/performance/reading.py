"""Queries for the slowest routes and statements, and a statement's query plan."""

import datetime as dt
import re
from dataclasses import dataclass
from typing import Any

from django.db import DatabaseError, connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from kanal.features.performance import store
from kanal.features.performance.durations import added, quantile
from kanal.features.performance.models import RouteTime, SlowStatement
from kanal.kit.errors import Refused

PARAMETER = re.compile(r"%%|%s")
EXPLAINED = ("SELECT", "WITH", "INSERT", "UPDATE", "DELETE")
GENERIC_SINCE = 160_000
STATISTICS = """
SELECT query AS text, calls AS count, mean_exec_time / 1000 AS mean, max_exec_time / 1000 AS slowest,
       total_exec_time / 1000 AS seconds
FROM pg_stat_statements WHERE dbid = (SELECT oid FROM pg_database WHERE datname = current_database())
ORDER BY total_exec_time DESC LIMIT %s
"""


@dataclass(frozen=True)
class Slowest:
    """A page or job over several hours. Times are in milliseconds."""

    kind: str
    name: str
    count: int
    failures: int
    p50: float
    p95: float
    share: float
    statements: float
    statement_ms: float

    @property
    def percent(self) -> float:
        """Return the share of the total time."""
        return self.share * 100


def slowest(hours: int, kind: str = "page", limit: int = 50) -> list[Slowest]:
    """Return the routes with the highest total time, with their p50 and p95."""
    store.flush_traces()
    since = timezone.now() - dt.timedelta(hours=hours)
    rows: dict[str, list[RouteTime]] = {}
    for row in RouteTime.objects.filter(hour__gt=since - dt.timedelta(hours=1), kind=kind):
        rows.setdefault(row.name, []).append(row)
    everything = sum(route_time.seconds for many in rows.values() for route_time in many) or 1.0
    summaries = [summed(kind, name, many, everything) for name, many in rows.items()]
    return sorted(summaries, key=lambda summary: -summary.share)[:limit]


def summed(kind: str, name: str, rows: list[RouteTime], everything: float) -> Slowest:
    """Sum the hours of a route."""
    durations = added([row.durations for row in rows])
    count = sum(row.count for row in rows)
    return Slowest(
        kind, name, count, sum(row.failures for row in rows),
        quantile(durations, 0.5) * 1000, quantile(durations, 0.95) * 1000,
        sum(row.seconds for row in rows) / everything,
        sum(row.statements for row in rows) / count, sum(row.statement_seconds for row in rows) / count * 1000,
    )  # fmt: skip


def slow_statements(limit: int = 50) -> Any:
    """Return the slow statements with the highest total time."""
    store.flush_traces()
    return SlowStatement.objects.order_by("-seconds")[:limit]


def server_statistics(limit: int = 20) -> list[dict[str, Any]] | None:
    """Return the most expensive statements on the server if it has pg_stat_statements, else None."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(STATISTICS, [limit])
            names = [column.name for column in cursor.description or ()]
            return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    except DatabaseError:
        return None


def plan_of(statement: SlowStatement) -> str:
    """Return the server's generic plan of a statement, without executing it. Raise Refused with the reason."""
    text = statement.text.strip()
    if not text.upper().startswith(EXPLAINED) or ";" in text:
        raise Refused(_("The server can't plan this statement without values."))
    connection.ensure_connection()
    if getattr(connection, "pg_version", 0) < GENERIC_SINCE:
        raise Refused(_("Plans without values need PostgreSQL 16 or newer."))
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL statement_timeout = '5s'")
            cursor.execute("EXPLAIN (GENERIC_PLAN, VERBOSE false) " + numbered(text))
            return "\n".join(row[0] for row in cursor.fetchall())
    except DatabaseError as problem:
        reason = (str(problem).strip() or type(problem).__name__).splitlines()[0]
        raise Refused(_("The server returned no plan: %(reason)s") % {"reason": reason}) from None


def numbered(text: str) -> str:
    """Convert the driver's placeholders to the server's: $1, $2, …"""
    number = 0

    def place(match: re.Match[str]) -> str:
        nonlocal number
        if match[0] == "%%":
            return "%"
        number += 1
        return f"${number}"

    return PARAMETER.sub(place, text)
