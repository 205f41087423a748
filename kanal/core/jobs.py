"""Jobs on PostgreSQL (JOB-1): the queue, delivery of events, and recovery of jobs whose worker was killed."""

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
FIRST = 100  # before all waiting jobs: behind a long queue no killed job would be recovered


class Retry(RetryStrategy):
    """Retries failures that may be temporary. Work that ended because a permission was withdrawn isn't retried."""

    def get_retry_decision(self, *, exception: BaseException, job: QueuedJob) -> RetryDecision | None:
        """Return when a failed job is retried."""
        return None if isinstance(exception, Withdrawn) else super().get_retry_decision(exception=exception, job=job)


RETRY = Retry(max_attempts=8, exponential_wait=3)
_labels: Registry[Any] = Registry("jobs")


def job_label(name: str) -> str:
    """Return the human-readable name of a kind of job."""
    return str(_labels.get(name) or name)


def periodic(name: str, *, cron: str, label: Any, **options: Any) -> Callable[[Callable], Any]:
    """Make a function a job run at the times of `cron`. It receives the time as seconds since 1970.

    `label` is its name on the jobs page. A waiting run isn't queued a second time. `options` are procrastinate's.
    """
    _labels.register(name, label)

    def wrap(function: Callable) -> Any:
        return app.periodic(cron=cron)(app.task(name=name, queueing_lock=name, **options)(function))

    return wrap


def job(
    name: str, *, label: Any, queue: str = "default", lock: str | None = None, retry: Retry | None = RETRY
) -> Callable[[Callable], Any]:
    """Make a function a job. `function.defer(…)` queues it in the current transaction.

    `label` is its name on the jobs page. A job queued with a `queueing_lock` must not use `retry`: if it fails
    while another waits under that lock, it can't be requeued and would stay “doing”.
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
    """Return the context of the user waiting for a job queued by an older version without one, or None."""
    from kanal.core.models import Progress

    if "progress_id" not in values:
        return None
    waited_for = Progress.objects.select_related("user").filter(pk=values["progress_id"]).first()
    return Context.of(waited_for.user, ChangeSource.JOB).dump() if waited_for and waited_for.user else None


def refuse_foreign(function: Callable[..., Any], values: dict[str, Any]) -> None:
    """Raise Refused for arguments of another version of Kanal, and notify the user waiting for the work.

    The job is retried like any other: during an update a worker of the right version may take it.
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
    """A function that a worker calls later, in the context and with the id of the request (HIST-1a, REL-4)."""

    task: Any
    function: Callable[..., Any]

    def __call__(self, *args: Any, **values: Any) -> Any:
        """Run the function immediately."""
        return self.function(*args, **values)

    def configure(self, **options: Any) -> Any:
        """Set the time or lock of the job. Return an object with `defer`."""
        return self.task.configure(task_kwargs=origin() | argument(), **options)

    def defer(self, **values: Any) -> int:
        """Queue the job and return its id."""
        return self.configure().defer(**values)

    def batch_defer(self, *values: dict[str, Any]) -> list[int]:
        """Queue the job for each set of values with one statement. Return the job ids."""
        return self.configure().batch_defer(*values)


def noting_failures(call_next: Callable[[], Any], context: Any, worker: Any) -> Any:
    """Store the error of a failed job for the jobs page, as a worker middleware. Long-running work stores its own."""
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
    """Run the worker's own tasks in the company's zone and on its day, as a worker middleware (HIST-1a)."""
    with taken(None):
        return call_next()


@periodic("core.drop_old_jobs", cron="23 3 * * *", label=_("Finished jobs"), pass_context=True)
async def drop_old_jobs(context: Any, timestamp: int) -> None:
    """Delete successful jobs after three days, others after a month."""
    await app.job_manager.delete_old_jobs(nb_hours=72)
    month = 30 * 24
    await app.job_manager.delete_old_jobs(
        nb_hours=month, include_failed=True, include_cancelled=True, include_aborted=True
    )


@periodic(
    "core.return_stalled_jobs",
    cron="* * * * * */15",  # the sixth field is seconds
    label=_("Interrupted jobs"),
    pass_context=True,
    priority=FIRST,
)
async def return_stalled_jobs(context: Any, timestamp: int) -> None:
    """Requeue jobs whose worker is dead, so that another takes them. Otherwise they would stay “doing”."""
    for stalled in await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=30):
        log.warning("returning stalled job %s", stalled.id)
        try:
            await app.job_manager.retry_job(stalled)
        except UniqueViolation:  # the same work is already waiting, and does the rest
            await app.job_manager.finish_job(stalled, Status.ABORTED, delete_job=False)
