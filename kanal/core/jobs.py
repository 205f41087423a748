"""Jobs on PostgreSQL (JOB-1): the queue, delivery of events, and the return of jobs whose worker was killed."""

import logging
from collections.abc import Callable
from typing import Any

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

log = logging.getLogger("kanal.jobs")
RETRY = RetryStrategy(max_attempts=8, exponential_wait=3)


def job(name: str, *, queue: str = "default", lock: str | None = None) -> Callable[[Callable], Any]:
    """Make a function a job: `function.defer(…)` queues it with the transaction that it is called in."""

    def wrap(function: Callable) -> Any:
        return app.task(name=name, queue=queue, retry=RETRY, lock=lock)(function)

    return wrap


@job("core.deliver_event", queue="events")
def deliver_event(name: str, record_id: int, user_id: int | None, facts: dict[str, Any]) -> None:
    """Call every listener of a published event."""
    from kanal.core import events

    for function in events.listeners(name):
        function(record_id=record_id, user_id=user_id, **facts)


@app.periodic(cron="* * * * *")
@app.task(name="core.return_stalled_jobs", queueing_lock="core.return_stalled_jobs", pass_context=True)
async def return_stalled_jobs(context: Any, timestamp: int) -> None:
    """Give back jobs whose worker no longer lives, so that another takes them; else they stay “doing”."""
    for stalled in await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=30):
        log.warning("returning stalled job %s", stalled.id)
        await app.job_manager.retry_job(stalled)


@job("core.index_custom_field")
def index_custom_field(pk: int) -> None:
    """Make the indexes of a filterable custom field, or remove those of one that is filterable no more (CF-3)."""
    from kanal.core import registry
    from kanal.core.fields.catalogue import custom_field
    from kanal.core.models import CustomField
    from kanal.core.query import indexes

    row = CustomField.objects.filter(pk=pk).first()
    entity = registry.find(row.entity) if row else None
    if row is None or entity is None:
        return
    if row.filterable and row.is_active:
        indexes.make(entity, custom_field(row))
    else:
        indexes.drop(entity, custom_field(row))
