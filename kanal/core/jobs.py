"""Jobs on PostgreSQL (JOB-1): the queue, delivery of events, and the return of jobs whose worker was killed."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from inspect import signature
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app
from procrastinate.exceptions import UniqueViolation
from procrastinate.jobs import Job as QueuedJob
from procrastinate.jobs import Status
from procrastinate.retry import RetryDecision

from kanal.core.actor import ChangeSource
from kanal.core.context import ARGUMENT, Context, argument, taken
from kanal.core.observability.jobs import ORIGIN, origin
from kanal.kit.errors import Refused, Withdrawn
from kanal.kit.registries import Registry

log = logging.getLogger("kanal.jobs")
FIRST = 100  # before all that waits: behind a long queue nothing killed would come back


class Retry(RetryStrategy):
    """Tries again what may come right by itself; what ended as a right was taken away stays ended."""

    def get_retry_decision(self, *, exception: BaseException, job: QueuedJob) -> RetryDecision | None:
        """Return when a job that failed is tried again."""
        return None if isinstance(exception, Withdrawn) else super().get_retry_decision(exception=exception, job=job)


RETRY = Retry(max_attempts=8, exponential_wait=3)
_labels: Registry[Any] = Registry("jobs")


def job_label(name: str) -> str:
    """Name a kind of job for people."""
    return str(_labels.get(name) or name)


def periodic(name: str, *, cron: str, label: Any, **options: Any) -> Callable[[Callable], Any]:
    """Make a function a job that a worker runs at the times of `cron`; it gets the time as seconds since 1970.

    `label` names it on the page of jobs. A run that waits isn't queued a second time. `options` are procrastinate's.
    """
    _labels.register(name, label)

    def wrap(function: Callable) -> Any:
        return app.periodic(cron=cron)(app.task(name=name, queueing_lock=name, **options)(function))

    return wrap


def job(
    name: str, *, label: Any, queue: str = "default", lock: str | None = None, retry: Retry | None = RETRY
) -> Callable[[Callable], Any]:
    """Make a function a job: `function.defer(…)` queues it with the transaction that it is called in.

    `label` names it on the page of jobs. A job that is queued with a `queueing_lock` takes no `retry`: if it fails
    while another waits under that lock, it can't wait as well, and would stay “doing”.
    """
    _labels.register(name, label)

    def wrap(function: Callable) -> Job:
        @wraps(function)
        def run(**values: Any) -> Any:
            from kanal.core.epoch import catch_up

            values.pop(ORIGIN, None)
            catch_up()
            with taken(values.pop(ARGUMENT, None) or context_of_waiting(values)):
                refuse_foreign(function, values)
                return function(**values)

        return Job(app.task(name=name, queue=queue, retry=retry or False, lock=lock)(run), function)

    return wrap


def context_of_waiting(values: dict[str, Any]) -> dict[str, Any] | None:
    """Return the context of who waits for a job that carries none, as an older version queued them; None for nobody."""
    from kanal.core.models import Progress

    if "progress_id" not in values:
        return None
    waited_for = Progress.objects.select_related("user").filter(pk=values["progress_id"]).first()
    return Context.of(waited_for.user, ChangeSource.JOB).dump() if waited_for and waited_for.user else None


def refuse_foreign(function: Callable[..., Any], values: dict[str, Any]) -> None:
    """Raise Refused for arguments that another version of Kanal gave, and tell it who waits for the work.

    The job is tried again like any other: while an update goes on a worker of the right version may take it.
    """
    from kanal.core.models import Progress

    try:
        signature(function).bind(**values)
    except TypeError:
        text = gettext(
            "This was started by another version of Kanal and can't continue. What is done stays; start it again."
        )
        if waited_for := values.get("progress_id"):
            failed = {"state": Progress.State.FAILED, "error": text, "finished_at": timezone.now()}
            Progress.objects.filter(pk=waited_for).update(**failed)
        raise Refused(text) from None


@dataclass(frozen=True)
class Job:
    """A function that a worker calls later, in the context and named by the request that wants it (HIST-1a, REL-4)."""

    task: Any
    function: Callable[..., Any]

    def __call__(self, *args: Any, **values: Any) -> Any:
        """Do the work now."""
        return self.function(*args, **values)

    def configure(self, **options: Any) -> Any:
        """Say when or under which lock the work is to be done; return what has `defer`."""
        return self.task.configure(task_kwargs=origin() | argument(), **options)

    def defer(self, **values: Any) -> int:
        """Queue the work; return the job's id."""
        return self.configure().defer(**values)

    def batch_defer(self, *values: dict[str, Any]) -> list[int]:
        """Queue the work for each set of values by one statement; return the jobs' ids."""
        return self.configure().batch_defer(*values)


def noting_failures(call_next: Callable[[], Any], context: Any, worker: Any) -> Any:
    """Keep why a job failed, for the page of jobs: a middleware of the worker. Long work keeps it by itself."""
    from kanal.core.failures import describe
    from kanal.core.models import Progress

    waited_for = context.job.task_kwargs.get("progress_id")
    if waited_for:
        Progress.objects.filter(pk=waited_for).update(job_id=context.job.id)
    try:
        result = call_next()
    except Exception as problem:
        if not waited_for:
            failure = {"title": context.job.task_name, "state": "failed", "error": describe(problem)[:500]}
            Progress.objects.update_or_create(job_id=context.job.id, defaults=failure)
        raise
    if not waited_for and context.job.attempts:
        Progress.objects.filter(job_id=context.job.id).update(state="done", error="")
    return result


def in_context(call_next: Callable[[], Any], context: Any, worker: Any) -> Any:
    """Run what a worker does by itself in the company's zone and on its day: a middleware of the worker (HIST-1a)."""
    with taken(None):
        return call_next()


@periodic("core.drop_old_jobs", cron="23 3 * * *", label=_("Finished jobs"), pass_context=True)
async def drop_old_jobs(context: Any, timestamp: int) -> None:
    """Forget jobs that ended well after three days, and the others after a month."""
    await app.job_manager.delete_old_jobs(nb_hours=72)
    month = 30 * 24
    await app.job_manager.delete_old_jobs(
        nb_hours=month, include_failed=True, include_cancelled=True, include_aborted=True
    )


@periodic(
    "core.return_stalled_jobs",
    cron="* * * * * */15",  # the sixth part is of seconds
    label=_("Interrupted jobs"),
    pass_context=True,
    priority=FIRST,
)
async def return_stalled_jobs(context: Any, timestamp: int) -> None:
    """Give back jobs whose worker no longer lives, so that another takes them; else they stay “doing”."""
    for stalled in await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=30):
        log.warning("returning stalled job %s", stalled.id)
        try:
            await app.job_manager.retry_job(stalled)
        except UniqueViolation:  # the same work waits already, and does what is left of it
            await app.job_manager.finish_job(stalled, Status.ABORTED, delete_job=False)
