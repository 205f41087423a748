"""Verbs on activities, and "Add activity" on the records that they stand on."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from kanal.core import writes
from kanal.core.actor import Actor
from kanal.core.entity import Action
from kanal.core.fields.from_model import field_from
from kanal.entities.activities.models import Activity


def mark_done(activity: Any, values: Mapping[str, Any], *, by: Actor) -> None:
    """Mark an activity as done, with its outcome and the next step (ACT-2)."""
    told = {key: values[key] for key in ("outcome", "next_step") if key in values}
    writes.change(activity, {**told, "done": True}, by=by.within_action("mark-done"))


def current(activity: Any) -> dict[str, Any]:
    """Offer what is noted already."""
    return {"outcome": activity.outcome, "next_step": activity.next_step}


def add_activity(parent: str) -> Action:
    """Return the verb that begins an activity on a record; `parent` is the activity's column for it."""
    return Action(
        "add-activity", _("Add activity"), begins="activities", begins_as=parent, icon="calendar-plus", api=False
    )


MARK_DONE = Action(
    "mark-done", _("Mark done"), mark_done, initial=current,
    inputs=(field_from(Activity._meta.get_field("outcome")), field_from(Activity._meta.get_field("next_step"))),
    hidden=lambda activity: activity.done and _("This activity is already done."),
    place="primary", tone="success", icon="check",
    done=_("The activity is done."), permission="edit", then="next-step",
)  # fmt: skip
