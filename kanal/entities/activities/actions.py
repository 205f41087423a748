"""Actions on activities, and "Add activity" on their parent records."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from kanal.core import writes
from kanal.core.action import Action, Button, Dialog
from kanal.core.actor import Actor


def mark_done(activity: Any, values: Mapping[str, Any], *, by: Actor) -> None:
    """Mark an activity as done, with its outcome and next step (ACT-2)."""
    changes = {key: values[key] for key in ("outcome", "next_step") if key in values}
    writes.change(activity, {**changes, "done": True}, by=by.within_action("mark-done"))


def outcome_defaults(activity: Any) -> dict[str, Any]:
    """Return the stored outcome."""
    return {"outcome": activity.outcome, "next_step": activity.next_step}


def add_activity(parent: str) -> Action:
    """Return the action that creates an activity on a record. `parent` is the activity's column for it."""
    return Action(
        "add-activity",
        _("Add activity"),
        api=False,
        button=Button("calendar-plus", place="add", begins="activities", begins_as=parent),
    )


MARK_DONE = Action(
    "mark-done", _("Mark done"), mark_done, permission="edit",
    hidden=lambda activity: activity.done and _("This activity is already done."),
    dialog=Dialog(("outcome", "next_step"), initial=outcome_defaults),
    button=Button("check", place="primary", done=_("The activity is done."), then="next-step"),
)  # fmt: skip
