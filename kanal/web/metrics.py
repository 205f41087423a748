"""`/metrics` for Prometheus: requests, statements, jobs, pool and database, summed over all web processes.

Processes count in files of a folder (PROMETHEUS_MULTIPROC_DIR, created by `kanal serve`). Database metrics are
queried on each read.
"""

import hmac
import ipaddress
import time
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import DatabaseError, connection
from django.http import Http404, HttpRequest, HttpResponse
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector

from kanal.core.observability import RequestTrace
from kanal.web import metricfiles

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
FORWARDED = ("HTTP_X_FORWARDED_FOR", "HTTP_FORWARDED", "HTTP_X_REAL_IP")
LIMITS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)
metricfiles.install_metric_files()  # before the first metric
OWN = CollectorRegistry()
REQUESTS = Counter("kanal_requests", "Answered requests.", ["method", "route", "status"], registry=OWN)
SECONDS = Histogram("kanal_request_seconds", "Time to an answer.", ["route"], buckets=LIMITS, registry=OWN)
STATEMENTS = Counter("kanal_request_statements", "Statements that requests ran.", registry=OWN)
STATEMENT_SECONDS = Counter("kanal_request_statement_seconds", "Time that these took.", registry=OWN)
POOL = Gauge(
    "kanal_pool_connections", "Connections of the pools.", ["state"], multiprocess_mode="livesum", registry=OWN
)
POOL_SECONDS = 2.0
JOBS = "SELECT status::text, queue_name, count(*) FROM procrastinate_jobs GROUP BY 1, 2"
OLDEST = """
SELECT coalesce(extract(epoch FROM now() - min(greatest(scheduled_at, at))), 0)
FROM procrastinate_jobs JOIN procrastinate_events ON job_id = procrastinate_jobs.id AND type = 'deferred'
WHERE status = 'todo' AND coalesce(scheduled_at, now()) <= now()
"""
_noted = 0.0
WORKERS = "SELECT count(*) FROM procrastinate_workers WHERE last_heartbeat > now() - interval '1 minute'"
CONNECTIONS = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"


def count_request(trace: RequestTrace) -> None:
    """Count a finished request."""
    with suppress(OSError):  # the disk is full: the request is answered but not counted
        observe_request(trace)


def observe_request(trace: RequestTrace) -> None:
    """Add a request to the metrics."""
    route = trace.facts["route"]
    REQUESTS.labels(trace.facts["method"], route, str(trace.facts["status"])).inc()
    SECONDS.labels(route).observe(trace.seconds)
    STATEMENTS.inc(trace.statements)
    STATEMENT_SECONDS.inc(trace.statement_seconds)
    note_pool()


def metrics(request: HttpRequest) -> HttpResponse:
    """Return all metrics to allowed callers, and 404 to others."""
    if not is_allowed(request):
        raise Http404
    registry = OWN
    if settings.METRICS_FOLDER:
        forget_dead(Path(settings.METRICS_FOLDER))
        registry = CollectorRegistry()
        MultiProcessCollector(registry)
    database = CollectorRegistry()
    database.register(Database())  # type: ignore[arg-type]
    return HttpResponse(generate_latest(registry) + generate_latest(database), content_type=CONTENT_TYPE)


def is_allowed(request: HttpRequest) -> bool:
    """Return whether the caller has the token, or connects directly from an allowed address.

    Behind a proxy all callers have its address, so a forwarded request needs the token.
    """
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if settings.METRICS_TOKEN and hmac.compare_digest(given.encode(), settings.METRICS_TOKEN.encode()):
        return True
    if any(request.META.get(name) for name in FORWARDED):
        return False
    try:
        address = ipaddress.ip_address(request.META.get("REMOTE_ADDR", ""))
        return any(address in ipaddress.ip_network(network, strict=False) for network in settings.METRICS_ALLOW)
    except ValueError:
        return False


def note_pool() -> None:
    """Record how many connections of this process's pool are open and in use, at most every other second."""
    global _noted  # noqa: PLW0603  a clock of the process
    pool = getattr(connection, "pool", None)
    if pool is not None and time.monotonic() - _noted > POOL_SECONDS:
        _noted = time.monotonic()
        stats = pool.get_stats()
        size, free = stats.get("pool_size", 0), stats.get("pool_available", 0)
        for state, number in (("free", free), ("used", size - free), ("waiting", stats.get("requests_waiting", 0))):
            POOL.labels(state).set(number)


def forget_dead(folder: Path) -> None:
    """Remove the gauges of processes that have ended. Their counters remain."""
    for path in folder.glob("gauge_live*_*.db"):
        pid = path.stem.rpartition("_")[2]
        if pid.isdigit() and not Path("/proc", pid).exists() and Path("/proc").exists():
            path.unlink(missing_ok=True)


class Database:
    """Database metrics, queried each time."""

    def collect(self) -> Iterable[GaugeMetricFamily]:
        """Return the metrics. Without a database, only report that it's down."""
        up = GaugeMetricFamily("kanal_database_up", "Whether the database answers.")
        families: list[GaugeMetricFamily] = [up]
        try:
            with connection.cursor() as cursor:
                families += [jobs(cursor), *(single(cursor, *figure) for figure in SINGLE)]
            up.add_metric([], 1)
        except DatabaseError:
            up.add_metric([], 0)
        return families


SINGLE = (
    ("kanal_job_oldest_seconds", "For how long the oldest due job has been waiting.", OLDEST),
    ("kanal_workers", "Workers whose heart beats.", WORKERS),
    ("kanal_database_bytes", "Size of the database.", "SELECT pg_database_size(current_database())"),
    ("kanal_database_connections", "Connections of all programs to the database.", CONNECTIONS),
)


def jobs(cursor: Any) -> GaugeMetricFamily:
    """Count the jobs by state and queue."""
    metric = GaugeMetricFamily("kanal_jobs", "Jobs by state and queue.", labels=["state", "queue"])
    cursor.execute(JOBS)
    for state, queue, number in cursor.fetchall():
        metric.add_metric([state, queue], number)
    return metric


def single(cursor: Any, name: str, text: str, sql: str) -> GaugeMetricFamily:
    """Return a single value as a metric."""
    cursor.execute(sql)
    return GaugeMetricFamily(name, text, value=float(cursor.fetchone()[0]))
