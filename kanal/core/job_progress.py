"""Long-running work that users wait for, tracked from start to end in a row shown on its page (JOB-1)."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.utils import timezone

from kanal.core.access.renewal import refresh_user
from kanal.core.failures import describe
from kanal.core.models import Progress

State = Progress.State


def create_progress(title: str, user: Any, total: int = 0, **result: Any) -> Progress:
    """Create the progress row of work that waits for a worker."""
    return Progress.objects.create(title=title[:200], user=user, total=total, result=result)


def update_progress(progress: Progress, **values: Any) -> None:
    """Store values of the progress row."""
    for name, value in values.items():
        setattr(progress, name, value)
    progress.save(update_fields=list(values))


def stepper(progress: Progress, before: int = 0) -> Callable[[int], bool]:
    """Return a function that stores the progress and returns whether to continue, with the user's current permissions.

    `before` is the amount completed by an earlier run that this one continues.
    """

    def step(done: int) -> bool:
        update_progress(progress, done=before + done)
        progress.refresh_from_db(fields=["cancel"])
        refresh_user(progress.user)
        return not progress.cancel

    return step


@contextmanager
def following(progress_id: int) -> Iterator[Progress]:
    """Run a piece of work. Errors are stored for its page and raised again, so that the queue retries it."""
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
