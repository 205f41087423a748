"""Calls, e-mails, meetings and tasks in the composer of the records that have activities (DET-3a)."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kanal.core import writes
from kanal.core.access import FieldContext, has_permission
from kanal.core.actor import Actor
from kanal.core.context import today
from kanal.core.entity import Entity
from kanal.core.fields import Field
from kanal.core.models import Category
from kanal.entities.activities.entity import ACTIVITIES, ON
from kanal.entities.activities.models import PARENTS
from kanal.kit.dates import SATURDAY
from kanal.web import composer, forms

CALL, EMAIL, MEETING, TASK = "call", "email", "meeting", "task"
NEXT_STEP, NEXT_START = "next_step", "next_start"
NEXT_STEP_DAYS = 7
OPENING = dt.time(9)


@dataclass(frozen=True)
class Occasion:
    """A category of activities in the composer: its fields, text first, and the subject that is proposed.

    A call and an e-mail have happened when they are logged.
    """

    category: str
    icon: str
    label: Any
    save: Any
    placeholder: Any
    fields: tuple[str, ...]
    subject: Any = ""
    has_happened: bool = False
    shortcut: str = ""


CALLS = Occasion(
    CALL, "phone", gettext_lazy("Call"), gettext_lazy("Log the call"), gettext_lazy("What came out of the call?"),
    ("outcome", "subject", NEXT_STEP, NEXT_START), gettext_lazy("Call with %(name)s"),
    has_happened=True, shortcut="c",
)  # fmt: skip
OCCASIONS = (
    CALLS,
    Occasion(
        MEETING, "users", gettext_lazy("Meeting"), gettext_lazy("Save meeting"), gettext_lazy("What is it about?"),
        ("text", "subject", "start", "end", "place", "done"), gettext_lazy("Meeting with %(name)s"),
    ),
    Occasion(
        EMAIL, "mail", gettext_lazy("E-mail"), gettext_lazy("Log the e-mail"), gettext_lazy("What did you write?"),
        ("text", "subject", NEXT_STEP, NEXT_START), gettext_lazy("E-mail to %(name)s"), has_happened=True,
    ),
    Occasion(
        TASK, "checkbox", gettext_lazy("Task"), gettext_lazy("Add task"), gettext_lazy("What is to be done?"),
        ("subject", "start", "assignee"),
    ),
)  # fmt: skip


def is_offered(occasion: Occasion, entity: Entity) -> bool:
    """Return whether records of a type have activities, of a category that is in use."""
    category = Category.by_key(occasion.category, "activity_category") if entity.key in ON else None
    return category is not None and category.is_active


def may_add_activity(user: Any, entity: Entity, record: Any) -> bool:
    """Return whether the user may add an activity to a visible record."""
    return has_permission(user, ACTIVITIES, "add")


def known_values(occasion: Occasion, user: Any, entity: Entity, record: Any) -> dict[str, Any]:
    """Return the values that follow from the record, its type and the user."""
    values: dict[str, Any] = {"category": occasion.category, ON[entity.key]: record.pk, "assignee": user.pk}
    if entity.key == "contacts":
        values["contacts"] = [record.pk]
    return values


def activity_form(occasion: Occasion, user: Any, entity: Entity, record: Any) -> forms.Form:
    """Return the form of an activity on a record."""
    values = known_values(occasion, user, entity, record)
    return occasion_form(occasion.fields, user, {**values, "subject": subject_of(occasion, record)}, occasion)


def call_form(user: Any) -> forms.Form:
    """Return the form of a call with somebody who is still to be chosen."""
    return occasion_form([name for name in CALLS.fields if name != "subject"], user, {"category": CALL}, CALLS)


def occasion_form(names: Iterable[str], user: Any, values: dict[str, Any], occasion: Occasion) -> forms.Form:
    """Return a form of the fields that the user may write, and of others that are required."""
    writable = FieldContext.of_new(user, ACTIVITIES, values).writable
    fields = [field for name in names if (field := field_of(name, writable)) is not None]
    known = {*occasion.fields, *values}
    fields += [field for key, field in writable.items() if field.required and key not in known]
    proposed = {**values, "start": proposed_start(occasion), NEXT_START: working_day(NEXT_STEP_DAYS)}
    return forms.build_form([("", fields)], {field.key: initial_value(field, proposed) for field in fields}, user)


def field_of(name: str, writable: dict[str, Field]) -> Field | None:
    """Return a field by name, also that of the next step's start, or None if the user may not write it."""
    if name != NEXT_START:
        return writable.get(name)
    start = writable.get("start") if NEXT_STEP in writable else None
    return start and start.but(key=NEXT_START, label=_("Next step on"), required=False)


def initial_value(field: Field, proposed: dict[str, Any]) -> Any:
    """Return the value with which a field is shown: the proposed one, else its default."""
    return proposed.get(field.key, field.default() if callable(field.default) else field.default)


def proposed_start(occasion: Occasion) -> dt.datetime:
    """Return when a task or a meeting is proposed: tomorrow, or at the next full hour."""
    if occasion.category == TASK:
        return working_day(1)
    return timezone.localtime().replace(minute=0, second=0, microsecond=0) + dt.timedelta(hours=1)


def subject_of(occasion: Occasion, record: Any) -> str:
    """Return the proposed subject."""
    return str(occasion.subject) % {"name": record} if occasion.subject else ""


def working_day(days: int) -> dt.datetime:
    """Return the opening of the first weekday in some days, in the user's time zone."""
    day = today() + dt.timedelta(days=days)
    day += dt.timedelta(days=max(0, 7 - day.weekday()) if day.weekday() >= SATURDAY else 0)
    return timezone.make_aware(dt.datetime.combine(day, OPENING))


@transaction.atomic
def store_activity(
    occasion: Occasion, entity: Entity, record: Any, typed: dict[str, Any], by: Actor
) -> composer.Stored:
    """Store an activity on a record, and the next step if it has a date."""
    next_start = typed.pop(NEXT_START, None)
    activity = writes.create(ACTIVITIES, values_of(occasion, entity, record, typed, by), by=by)
    if activity.next_step and next_start:
        plan_next(activity, {"subject": activity.next_step[:200], "start": next_start}, by)
        return composer.Stored(_("Saved. The next step is planned."))
    if activity.done:
        dialog = f"{ACTIVITIES.url(activity.pk)}next-step?{urlencode({'next': entity.url(record.pk)})}"
        return composer.Stored(message_of(activity), _("Plan next step"), dialog)
    return composer.Stored(message_of(activity))


def values_of(occasion: Occasion, entity: Entity, record: Any, typed: dict[str, Any], by: Actor) -> dict[str, Any]:
    """Return the values of an activity. Whatever has happened is done."""
    values = {**known_values(occasion, by.user, entity, record), **typed}
    values["subject"] = values.get("subject") or subject_of(occasion, record)[:200]
    now = timezone.now()
    return {**values, "start": now, "end": now, "done": True} if occasion.has_happened else values


def message_of(activity: Any) -> str:
    """Return what is told of a stored activity."""
    subject = {"subject": activity.subject}
    return _("Logged: %(subject)s") % subject if activity.done else _("Planned: %(subject)s") % subject


def plan_next(activity: Any, values: dict[str, Any], by: Actor) -> Any:
    """Create the next activity, a task unless `values` say otherwise, on the same records."""
    parents = {name: pk for name in PARENTS if (pk := getattr(activity, f"{name}_id"))}
    contacts = list(activity.contacts.values_list("pk", flat=True))
    planned = {"category": TASK if Category.by_key(TASK, "activity_category") else activity.category.key}
    return writes.create(
        ACTIVITIES, {**parents, "contacts": contacts, "assignee": by.user.pk, **planned, **values}, by=by
    )


for occasion in OCCASIONS:
    composer.register_kind(
        composer.Kind(
            occasion.category,
            occasion.label,
            occasion.icon,
            occasion.save,
            occasion.placeholder,
            partial(is_offered, occasion),
            may_add_activity,
            partial(activity_form, occasion),
            partial(store_activity, occasion),
            shortcut=occasion.shortcut,
        )
    )
