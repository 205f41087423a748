"""The page of a long-running operation: progress, result and the button to stop it (UX-2)."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from kanal.core import access
from kanal.core.job_progress import update_progress
from kanal.core.models import Progress
from kanal.kit.errors import NotFound
from kanal.web.bulk import gone_text
from kanal.web.http import go, wants_fragment

ENDED = (Progress.State.DONE, Progress.State.FAILED, Progress.State.CANCELLED)


def progress_of(request: HttpRequest, pk: int) -> Progress:
    """Return an operation of the user, or any for an administrator. Raise NotFound for others."""
    records = Progress.objects.filter(pk=pk)
    if not access.permissions_of(request.user).is_admin:
        records = records.filter(user_id=request.user.pk or 0)
    progress = records.first()
    if progress is None:
        raise NotFound
    return progress


def progress_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the progress. A script gets only the changing part."""
    progress = progress_of(request, pk)
    total = max(progress.total, 1)
    context = {
        "progress": progress,
        "percent": 100 if progress.state == Progress.State.DONE else min(progress.done * 100 // total, 99),
        "ended": progress.state in ENDED,
        "refused": progress.result.get("refused", [])[:200],
        "refused_count": progress.result.get("refused_count", 0),
        "gone": gone_text(gone) if (gone := progress.result.get("gone", 0)) else "",
        "report": progress.result.get("report", ""),
        "download": progress.result.get("download", ""),
        "download_label": progress.result.get("download_label", ""),
        "back_label": progress.result.get("back_label", ""),
        "back": progress.result.get("back", "/"),
    }
    if wants_fragment(request) and progress.state == Progress.State.DONE and progress.result.get("then"):
        return go(request, progress.result["then"])
    template = "pages/progress/state.html" if wants_fragment(request) else "pages/progress.html"
    return render(request, template, context)


@require_POST
def cancel_progress(request: HttpRequest, pk: int) -> HttpResponse:
    """Stop the operation at its next step."""
    progress = progress_of(request, pk)
    if progress.state not in ENDED:
        update_progress(progress, cancel=True)
    return go(request, f"/progress/{pk}")
