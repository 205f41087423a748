"""Actions on tasks, and "New task" on accounts."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from kanal.core import writes
from kanal.core.action import Action, Button, Dialog
from kanal.core.actor import Actor
from kanal.kit.errors import Refused


def make_primary(task: Any, values: Mapping[str, Any], *, by: Actor) -> None:
    """Set another of the task's accounts as the primary one (ACCT-8)."""
    if not task.accounts.filter(pk=values["account"]).exists():
        raise Refused(_("Only an account of the task can be its primary one."))
    writes.change(task, {"primary_account": values["account"]}, by=by.within_action("make-primary"))


def without_choice(task: Any, user: Any) -> Any:
    """Return why there's no other account to choose, or None."""
    return None if task.accounts.count() > 1 else _("The task has no other account.")


MAKE_PRIMARY = Action(
    "make-primary", _("Make primary"), make_primary, permission="edit", state=without_choice,
    dialog=Dialog(pick="accounts", pick_as="account"),
    button=Button("star", place="more", done=_("The primary account was changed.")),
)  # fmt: skip
NEW_TASK_OF_ACCOUNT = Action(
    "new-task",
    _("New task"),
    api=False,
    button=Button("checkbox", place="more", begins="tasks", begins_as="accounts"),
)
NEW_TASK_OF_CONTACT = Action(
    "new-task", _("New task"), api=False, button=Button("checkbox", place="add", begins="tasks", begins_as="contacts")
)
