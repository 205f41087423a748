"""Long work that somebody waits for: begun, followed and ended with a row that its page shows (JOB-1)."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.utils import timezone

from kanal.core.access.renewal import refresh_user
from kanal.core.failures import describe
from kanal.core.models import Progress

State = Progress.State


def create_progress(title: str, user: Any, total: int = 0, **result: Any) -> Progress:
    """Make the row of a piece of work that waits for a worker."""
    return Progress.objects.create(title=title[:200], user=user, total=total, result=result)


def update_progress(progress: Progress, **values: Any) -> None:
    """Store what is known of the work."""
    for name, value in values.items():
        setattr(progress, name, value)
    progress.save(update_fields=list(values))


def stepper(progress: Progress, before: int = 0) -> Callable[[int], bool]:
    """Return what notes how far the work is and says whether it is to go on, by the rights that its user has then.

    `before` is how much of it an earlier run did, where this one does the rest.
    """

    def step(done: int) -> bool:
        update_progress(progress, done=before + done)
        progress.refresh_from_db(fields=["cancel"])
        refresh_user(progress.user)
        return not progress.cancel

    return step


@contextmanager
def following(progress_id: int) -> Iterator[Progress]:
    """Run a piece of work: what it raises is kept for the page, then raised on, so that the queue tries again."""
    progress = Progress.objects.select_related("user").get(pk=progress_id)
    update_progress(progress, state=State.RUNNING, error="")
    try:
        refresh_user(progress.user)
        yield progress
    except Exception as problem:
        update_progress(progress, state=State.FAILED, error=describe(problem)[:500], finished_at=timezone.now())
        raise
    state = State.CANCELLED if progress.cancel else State.DONE
    update_progress(progress, state=state, finished_at=timezone.now())
