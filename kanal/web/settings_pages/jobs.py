"""The page of jobs (JOB-1): all of them for administrators, one's own operations in the profile for others."""

import datetime as dt
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from kanal.core import job_queue
from kanal.core.administration import require_administrator
from kanal.core.jobs import RETRY, job_label
from kanal.kit.errors import Refused
from kanal.web.http import go, id_of, next_of, wants_fragment

PER_PAGE = 50
COLOURS = {
    job_queue.State.WAITING: "gray", job_queue.State.RUNNING: "blue", job_queue.State.DONE: "green",
    job_queue.State.FAILED: "red", job_queue.State.CANCELLED: "amber",
}  # fmt: skip


def all_jobs(request: HttpRequest) -> HttpResponse:
    """Show all jobs to an administrator."""
    require_administrator(request.user)
    return job_list(request, "/settings/jobs/", _("Jobs"))


def own_jobs(request: HttpRequest) -> HttpResponse:
    """Show the operations that the user started."""
    return job_list(request, "/me/jobs/", _("Your jobs"))


def job_list(request: HttpRequest, base: str, title: str) -> HttpResponse:
    """Show the newest jobs in a state. A script gets only the changing part."""
    state = request.GET.get("state", "")
    state = state if state in job_queue.State.values else ""
    everything = request.GET.get("all") == "1"
    if base.startswith("/me/"):
        jobs = job_queue.begun_by(request.user).order_by("-id")
    else:
        jobs = job_queue.jobs_of(request.user, everything=everything)
    chosen = job_queue.in_state(jobs, state) if state else jobs
    if before := id_of(request.GET.get("before")):
        chosen = chosen.filter(pk__lt=before)
    page_jobs = list(chosen[: PER_PAGE + 1])
    context: dict[str, Any] = {
        "title": title,
        "base": base,
        "tabs": tabs(jobs, base, state, everything),
        "rows": [job_row(entry) for entry in job_queue.entries_of(page_jobs[:PER_PAGE])],
        "state": state,
        "everything": everything,
        "is_all": base.startswith("/settings/"),
        "here": request.get_full_path(),
        "older": page_jobs[PER_PAGE - 1].pk if len(page_jobs) > PER_PAGE else None,
    }
    template = "pages/settings/jobs_rows.html" if wants_fragment(request) else "pages/settings/jobs.html"
    return render(request, template, context)


def tabs(jobs: Any, base: str, state: str, everything: bool) -> list[dict[str, Any]]:
    """List the states to filter by, with the number of waiting, running and failed jobs."""
    more = "&all=1" if everything else ""
    items = [{"label": _("All"), "url": base + ("?all=1" if everything else ""), "active": not state}]
    counted = (job_queue.State.WAITING, job_queue.State.RUNNING, job_queue.State.FAILED)
    for job_state in (*counted, job_queue.State.DONE, job_queue.State.CANCELLED):
        number = job_queue.in_state(jobs, job_state).count() if job_state in counted else ""
        url = f"{base}?state={job_state}{more}"
        items.append({"label": job_state.label, "url": url, "active": job_state == state, "count": number or ""})
    return items


def job_row(entry: job_queue.Entry) -> dict[str, Any]:
    """Return a row of the table."""
    return {
        "entry": entry,
        "label": job_label(entry.name),
        "state": job_queue.State(entry.state).label,
        "colour": COLOURS[job_queue.State(entry.state)],
        "is_running": entry.state == job_queue.State.RUNNING,
        "is_stopping": entry.state == job_queue.State.RUNNING and bool(entry.progress and entry.progress.cancel),
        "took": duration(entry.took),
        "most": RETRY.max_attempts,
        "link": f"/progress/{entry.progress.pk}" if entry.progress and entry.progress.total else "",
    }


def duration(time: dt.timedelta | None) -> str:
    """Format a duration in its two largest units."""
    if time is None:
        return ""
    seconds = time.total_seconds()
    if seconds < 10:
        return _("%(n)s s") % {"n": f"{seconds:.1f}"}
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes_left = divmod(minutes, 60)
    if hours:
        return _("%(h)s h %(m)s min") % {"h": hours, "m": minutes_left}
    return _("%(m)s min %(s)s s") % {"m": minutes, "s": rest} if minutes else _("%(n)s s") % {"n": rest}


@require_POST
def cancel_job(request: HttpRequest, pk: int) -> HttpResponse:
    """Stop a job."""
    return do(request, lambda: job_queue.cancel_job(request.user, pk), _("The job is stopped."))


@require_POST
def retry(request: HttpRequest, pk: int) -> HttpResponse:
    """Retry a failed job."""
    return do(request, lambda: job_queue.retry(request.user, pk), _("The job was queued again."))


@require_POST
def retry_all(request: HttpRequest) -> HttpResponse:
    """Retry all failed jobs."""
    require_administrator(request.user)
    number = job_queue.retry_failed(request.user)
    text = ngettext("%(n)s job was queued again.", "%(n)s jobs were queued again.", number) % {"n": number}
    messages.success(request, text)
    return go(request, "/settings/jobs/")


def do(request: HttpRequest, verb: Any, text: str) -> HttpResponse:
    """Apply an action to a job, show the result, and redirect."""
    try:
        verb()
        messages.success(request, text)
    except Refused as problem:
        messages.error(request, str(problem))
    return go(request, next_of(request, "/me/jobs/"))
