"""The jobs of the queue: list, follow, stop and retry. Users see the long-running work they started (JOB-1)."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from kanal.api.authentication import actor
from kanal.api.openapi.components import ID, MOMENT, NUMBER, TEXT, or_null, some
from kanal.api.resources import json_response
from kanal.core import job_queue
from kanal.core.jobs import job_label
from kanal.kit.errors import Invalid
from kanal.kit.reading.ids import id_of

MOST = 100
MOST_COUNTED = 10_000
TIME = or_null(MOMENT)
SHAPE = some(
    id=ID, kind=TEXT, label=TEXT, about=TEXT, state={"type": "string", "enum": job_queue.State.values},
    user=or_null(ID), done=NUMBER, total=NUMBER, percent=NUMBER, attempts=NUMBER, error=TEXT,
    queued_at=TIME, started_at=TIME, ended_at=TIME, next_at=TIME,
)  # fmt: skip


def shape_of(entry: job_queue.Entry) -> dict[str, Any]:
    """Return a job as JSON."""
    progress = entry.progress
    return {
        "id": entry.id, "kind": entry.name, "label": job_label(entry.name), "about": entry.about, "state": entry.state,
        "user": progress.user_id if progress else None, "done": progress.done if progress else 0,
        "total": progress.total if progress else 0, "percent": entry.percent, "attempts": entry.attempts,
        "error": entry.error, "queued_at": entry.queued_at, "started_at": entry.started_at, "ended_at": entry.ended_at,
        "next_at": entry.next_at,
    }  # fmt: skip


def list_jobs(request: HttpRequest) -> HttpResponse:
    """Return the newest jobs. `?state=failed` filters, `?cursor=` continues after the previous page."""
    user = actor(request, "jobs").user
    jobs = job_queue.jobs_of(user)
    if state := request.GET.get("state", ""):
        if state not in job_queue.State.values:
            raise Invalid.on("state", _("There is no such choice."))
        jobs = job_queue.in_state(jobs, state)
    count = jobs.order_by()[: MOST_COUNTED + 1].count()
    cursor = request.GET.get("cursor", "")
    if cursor:
        if id_of(cursor) is None:
            raise Invalid.on("cursor", _("There is no such page."))
        jobs = jobs.filter(pk__lt=int(cursor))
    rows = list(jobs[: MOST + 1])
    items = [shape_of(entry) for entry in job_queue.entries_of(rows[:MOST])]
    following = str(rows[MOST - 1].pk) if len(rows) > MOST else None
    is_estimate = count > MOST_COUNTED
    return json_response(
        {"items": items, "next": following, "count": min(count, MOST_COUNTED), "count_is_estimate": is_estimate}
    )


def get_job(request: HttpRequest, pk: int) -> HttpResponse:
    """Return one job."""
    return json_response(shape_of(job_queue.get_job(actor(request, "jobs").user, pk)))


def cancel_job(request: HttpRequest, pk: int) -> HttpResponse:
    """Stop a job that is waiting, or checks at each step whether to continue."""
    user = actor(request, "jobs").user
    job_queue.cancel_job(user, pk)
    return json_response(shape_of(job_queue.get_job(user, pk)))


def retry_job(request: HttpRequest, pk: int) -> HttpResponse:
    """Retry a failed job."""
    user = actor(request, "jobs").user
    job_queue.retry(user, pk)
    return json_response(shape_of(job_queue.get_job(user, pk)))
