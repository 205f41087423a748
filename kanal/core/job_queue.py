"""The job queue for users (JOB-1): every job with its state and subject, and actions to stop or retry it."""

import datetime as dt
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from django.db.models import Max, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateEvent, ProcrastinateJob
from procrastinate.exceptions import ConnectorException

from kanal.core import access
from kanal.core.job_progress import update_progress
from kanal.core.models import Progress
from kanal.kit.errors import NotFound, Refused

State = Progress.State
STATES = {
    "todo": State.WAITING, "doing": State.RUNNING, "succeeded": State.DONE, "failed": State.FAILED,
    "cancelled": State.CANCELLED, "aborting": State.RUNNING, "aborted": State.CANCELLED,
}  # fmt: skip
HOUSEKEEPING = Q(queue_name="events") | Q(queueing_lock__isnull=False)
LEFT_OUT = {"progress_id", "request_id", "timestamp"}
LONGEST_ABOUT = 160


@dataclass(frozen=True)
class Entry:
    """One job. Times are None if not reached yet. `next_at` is the time of the next try."""

    id: int
    name: str
    about: str
    state: str
    attempts: int
    queued_at: dt.datetime | None = None
    started_at: dt.datetime | None = None
    ended_at: dt.datetime | None = None
    next_at: dt.datetime | None = None
    progress: Progress | None = None
    error: str = ""

    @property
    def user(self) -> Any:
        """Return the user who started the job, None for the system."""
        return self.progress.user if self.progress else None

    @property
    def percent(self) -> int:
        """Return the progress in percent."""
        if self.state == State.DONE:
            return 100
        total = self.progress.total if self.progress else 0
        return min(self.progress.done * 100 // total, 99) if self.progress and total else 0

    @property
    def took(self) -> dt.timedelta | None:
        """Return the time spent on the job."""
        if self.started_at is None or self.state == State.WAITING:
            return None
        return max((self.ended_at or timezone.now()) - self.started_at, dt.timedelta())

    @property
    def may_cancel(self) -> bool:
        """Return whether the job can still be stopped: while waiting, or if its work checks at each step."""
        return self.state == State.WAITING or (self.state == State.RUNNING and bool(self.progress))

    @property
    def may_retry(self) -> bool:
        """Return whether the job can be retried."""
        return self.state == State.FAILED


def jobs_of(user: Any, *, everything: bool = False) -> QuerySet:
    """Return the jobs visible to a user, newest first: all for administrators, their own for others.

    Housekeeping (delivered events, periodic jobs) is omitted unless it fails or `everything` is set.
    """
    if not access.permissions_of(user).is_admin:
        return begun_by(user).order_by("-id")
    jobs = ProcrastinateJob.objects.order_by("-id")
    return jobs if everything else jobs.exclude(HOUSEKEEPING & Q(status__in=("succeeded", "todo", "doing")))


def begun_by(user: Any) -> QuerySet:
    """Return the jobs of long-running work that a user started."""
    own = Progress.objects.filter(user_id=user.pk or 0).order_by("-pk")
    return ProcrastinateJob.objects.filter(args__progress_id__in=list(own.values_list("pk", flat=True)[:1000]))


def in_state(jobs: QuerySet, state: str) -> QuerySet:
    """Filter jobs by state."""
    return jobs.filter(status__in=[status for status, candidate in STATES.items() if candidate == state])


def entries_of(jobs: list[Any]) -> list[Entry]:
    """Return entries for some jobs, with two queries."""
    ids = [job.pk for job in jobs]
    times: dict[int, dict[str, dt.datetime]] = {pk: {} for pk in ids}
    events = ProcrastinateEvent.objects.filter(job_id__in=ids).values("job_id", "type").annotate(last=Max("at"))
    for event in events:
        times[event["job_id"]][event["type"]] = event["last"]
    progress_ids = [job.args.get("progress_id") for job in jobs]
    rows = Progress.objects.filter(Q(pk__in=[pk for pk in progress_ids if pk]) | Q(job_id__in=ids)).select_related(
        "user"
    )
    by_pk, by_job = {row.pk: row for row in rows}, {row.job_id: row for row in rows}
    return [job_entry(job, times[job.pk], by_pk.get(job.args.get("progress_id")) or by_job.get(job.pk)) for job in jobs]


def job_entry(job: Any, times: dict[str, dt.datetime], progress: Progress | None) -> Entry:
    """Build the entry of one job."""
    state = STATES[job.status]
    if state == State.DONE and progress and progress.state == State.CANCELLED:
        state = State.CANCELLED
    ends = [times[name] for name in ("succeeded", "failed", "cancelled", "aborted") if name in times]
    is_over = state not in (State.WAITING, State.RUNNING)
    return Entry(
        job.pk,
        job.task_name,
        about(job, progress),
        state,
        job.attempts + (1 if state == State.RUNNING else 0),
        times.get("deferred"),
        times.get("started"),
        max(ends) if ends and is_over else None,
        job.scheduled_at if state == State.WAITING else None,
        progress,
        progress.error if progress and state in (State.FAILED, State.WAITING) else "",
    )


def about(job: Any, progress: Progress | None) -> str:
    """Return the subject of a job."""
    if progress is not None and job.args.get("progress_id"):
        return progress.title
    known = {key: value for key, value in job.args.items() if key not in LEFT_OUT and isinstance(value, int | str)}
    facts = [f"{key} {value}" for key, value in known.items()]
    return ", ".join(facts)[:LONGEST_ABOUT]


def get_job(user: Any, pk: int) -> Entry:
    """Return one job visible to the user. Raise NotFound."""
    job = jobs_of(user, everything=True).filter(pk=pk).first()
    if job is None:
        raise NotFound
    return entries_of([job])[0]


def cancel_job(user: Any, pk: int) -> None:
    """Stop a job: a waiting one never starts, a running one ends at its next step. Raise Refused otherwise."""
    entry = get_job(user, pk)
    if not entry.may_cancel:
        raise Refused(_("This job can no longer be stopped."))
    if app.job_manager.cancel_job_by_id(pk):
        if entry.progress:
            update_progress(entry.progress, state=State.CANCELLED, cancel=True, finished_at=timezone.now())
    elif entry.progress:
        update_progress(entry.progress, cancel=True)
    else:
        raise Refused(_("This job can no longer be stopped."))


def retry(user: Any, pk: int) -> None:
    """Retry a failed job. Raise Refused for other jobs."""
    entry = get_job(user, pk)
    if not entry.may_retry:
        raise Refused(_("Only failed jobs can be retried."))
    try:
        app.job_manager.retry_job_by_id(pk, timezone.now())
    except ConnectorException:
        raise Refused(_("Only failed jobs can be retried.")) from None
    if entry.progress:
        update_progress(entry.progress, state=State.WAITING, error="", cancel=False, finished_at=None)


def retry_failed(user: Any) -> int:
    """Retry all failed jobs visible to the user and return their number."""
    ids = list(in_state(jobs_of(user, everything=True), State.FAILED).values_list("pk", flat=True))
    number = 0
    for pk in ids:
        with suppress(Refused, NotFound):  # someone else has just retried it, or it is gone
            retry(user, pk)
            number += 1
    return number
