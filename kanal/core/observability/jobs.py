"""The trace of each job: origin, duration and cost, logged in one line at its end."""

from collections.abc import Callable
from typing import Any

import structlog

from kanal.core.observability.request_trace import RequestTrace, request_id, tracing

ORIGIN = "request_id"
log = structlog.get_logger("kanal.job")


def origin() -> dict[str, Any]:
    """Return the job argument with the id of the originating request."""
    current_id = request_id()
    return {ORIGIN: current_id} if current_id else {}


def around(call_next: Callable[[], Any], context: Any, worker: Any) -> Any:
    """Run a job within its trace, as a worker middleware."""
    job = context.job
    began_by = str(job.task_kwargs.get(ORIGIN, ""))
    with tracing(RequestTrace("job", job.task_name, began_by, job_id=job.id)) as trace:
        outcome = "done"
        try:
            return call_next()
        except BaseException as problem:
            trace.failed, outcome = True, type(problem).__name__
            raise
        finally:
            trace.end()
            log.info(
                "job",
                job=job.task_name,
                outcome=outcome,
                attempt=job.attempts + 1,
                ms=round(trace.seconds * 1000, 1),
                queries=trace.statements,
                query_ms=round(trace.statement_seconds * 1000, 1),
            )
