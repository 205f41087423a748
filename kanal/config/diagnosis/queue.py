"""Checks of jobs: a live worker, and jobs that wait too long, have stalled or have failed."""

from collections.abc import Iterator

from kanal.config import env
from kanal.config.diagnosis.finding import Finding
from kanal.config.diagnosis.server import query_value, rows

LATE_SECONDS = 300
FAILED = """
SELECT task_name, count(DISTINCT job.id) FROM procrastinate_jobs job
JOIN procrastinate_events event ON event.job_id = job.id AND event.type = 'failed' AND event.at > now() - interval '7 days'
WHERE job.status = 'failed' GROUP BY task_name ORDER BY 2 DESC
"""  # noqa: E501
STALLED = """
SELECT count(*) FROM procrastinate_jobs job LEFT JOIN procrastinate_workers worker ON worker.id = job.worker_id
WHERE job.status = 'doing' AND (worker.id IS NULL OR worker.last_heartbeat < now() - interval '2 minutes')
"""
WAITING = """
SELECT count(*), coalesce(extract(epoch FROM now() - min(coalesce(job.scheduled_at, event.at)))::int, 0)
FROM procrastinate_jobs job JOIN procrastinate_events event ON event.job_id = job.id AND event.type = 'deferred'
WHERE job.status = 'todo' AND coalesce(job.scheduled_at, now()) <= now()
"""


def jobs(environment: env.Env) -> Iterator[Finding]:
    """Check the worker and its queue."""
    if query_value("SELECT to_regclass('procrastinate_workers')") is None:
        return
    workers = query_value(
        "SELECT count(*) FROM procrastinate_workers WHERE last_heartbeat > now() - interval '1 minute'"
    )
    alive = f"{workers} alive" if workers else "none is running: start `kanal worker`, or everything with `kanal run`"
    yield Finding("Worker", alive, well=workers > 0)
    [(count, age)] = rows(WAITING)
    late = age > LATE_SECONDS
    text = f"{count} waiting" + (f", the oldest for {age // 60} minutes: is KANAL_JOBS too low?" if late else "")
    yield Finding("Queue", text, well=not late, vital=False)
    stalled = query_value(STALLED)
    if stalled:
        yield Finding(
            "Stalled jobs", f"{stalled}: a running worker requeues them within a minute", well=False, vital=False
        )
    failed = rows(FAILED)
    summary = ", ".join(f"{name} {number} times" for name, number in failed)
    text = (
        f"{summary} within 7 days: see the reasons under Settings → Jobs, and retry them there"
        if failed
        else "none within 7 days"
    )
    yield Finding("Failed jobs", text, well=not failed, vital=False)
