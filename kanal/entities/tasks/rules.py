"""Rules of tasks: their primary account, closing time, and tree."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from kanal.core.models import Category
from kanal.entities.tasks.models import TaskStatus, Tracker
from kanal.kit.chains import is_below_itself


def task_defaults(by: Any) -> dict[str, Any]:
    """Return the default tracker, status and priority."""
    usual = {
        "tracker": Tracker.default(),
        "status": TaskStatus.default(),
        "priority": Category.default("task_priority"),
    }
    return {key: row.key for key, row in usual.items() if row is not None}


def derive_task(task: Any, changed: set[str]) -> None:
    """Keep a primary account among the accounts (ACCT-8), and store when the task was closed."""
    for field, ids in getattr(task, "pending_links", {}).items():
        if field.key == "accounts":
            task.primary_account_id = primary_of(task.primary_account_id, ids)
    if task.status.kind == TaskStatus.Kind.OPEN:
        task.closed_at = None
    elif task.closed_at is None:
        task.closed_at = timezone.now()
        task.done_percent = 100


def primary_of(current: int | None, ids: list[int]) -> int | None:
    """Return the primary account if it's still among the accounts, else the first of them."""
    return current if current in ids else next(iter(ids), None)


def check_task(task: Any, errors: dict[str, list]) -> None:
    """Add errors for a due date before the start, and a task under itself."""
    if task.start and task.due and task.due < task.start:
        errors["due"] = [_("This is before the start.")]
    if is_below_itself(task):
        errors["parent"] = [_("A task can't be its own parent.")]
