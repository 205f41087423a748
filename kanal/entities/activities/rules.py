"""Rules of activities: their parent records, derived values, and completion."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from kanal.core.fields.times import sorted_as
from kanal.core.models import Category
from kanal.entities.activities.models import PARENTS
from kanal.kit.zones import start_of_day


def activity_defaults(by: Any) -> dict[str, Any]:
    """Return the default category, and the author as assignee."""
    preset: dict[str, Any] = {}
    category = Category.default("activity_category")
    if category:
        preset["category"] = category.key
    if by.user is not None:
        preset["assignee"] = by.user.pk
    return preset


def derive_activity(activity: Any, changed: set[str]) -> None:
    """Set the account of the lead, opportunity or contact (ACT-3), its privacy, and the time of completion."""
    if activity.account_id is None:
        activity.account = account_of(activity)
    activity.project_id = project_of(activity)
    activity.private_to_id = private_to(activity)
    settle_days(activity, changed)
    if not activity.done:
        activity.done_at = None
    elif activity.done_at is None:
        activity.done_at = timezone.now()


def settle_days(activity: Any, changed: set[str]) -> None:
    """Store all-day activities as dates, others as datetimes (HIST-1a)."""
    is_timed = activity.pk is not None and "all_day" in changed and not activity.all_day
    if activity.start_day and not is_timed:
        activity.all_day = True  # a date was passed without a time
    for name in ("start", "end"):
        (as_day if activity.all_day else as_moment)(activity, name, changed)
    if activity.all_day and activity.start and activity.end is None:
        activity.end, activity.end_day = activity.start, activity.start_day


def as_day(activity: Any, name: str, changed: set[str]) -> None:
    """Set the date of a datetime, in the sender's zone if it's new, else in the writing user's."""
    moment, day = getattr(activity, name), getattr(activity, f"{name}_day")
    if moment is None or day is not None:
        return
    day = moment.date() if name in changed else timezone.localdate(moment)
    setattr(activity, f"{name}_day", day)
    setattr(activity, name, sorted_as(day))


def as_moment(activity: Any, name: str, changed: set[str]) -> None:
    """Set the start of a date that's no longer a whole day to midnight in the writing user's zone."""
    if day := getattr(activity, f"{name}_day"):
        setattr(activity, name, start_of_day(day, timezone.get_current_timezone()))
        setattr(activity, f"{name}_day", None)


def parents_of(activity: Any) -> list[Any]:
    """List the parent records."""
    parents = [getattr(activity, name, None) for name in PARENTS if getattr(activity, f"{name}_id", None)]
    return [record for record in parents if record is not None]


def account_of(activity: Any) -> Any:
    """Return the account of the lead, opportunity or contact, or None."""
    accounts = [getattr(record, "account", None) for record in parents_of(activity)]
    return next((account for account in accounts if account is not None), None)


def project_of(activity: Any) -> int | None:
    """Return the project of the activity: that of its lead or opportunity, else one of its other parents' projects."""
    parents = parents_of(activity)
    own = next((record.project_id for record in parents if hasattr(record, "project_id")), None)
    if own is not None:
        return own
    added = [record.projects.order_by("pk").first() for record in parents if hasattr(record, "projects")]
    return next((project.pk for project in added if project is not None), None)


def private_to(activity: Any) -> int | None:
    """Return the only user who can see the activity, if it's directly on a private account (ACC-5)."""
    if activity.lead_id or activity.opportunity_id:
        return None
    keepers = [getattr(record, "private_to_id", None) for record in parents_of(activity)]
    return next((keeper for keeper in keepers if keeper), None)


def check_activity(activity: Any, errors: dict[str, list]) -> None:
    """Require a parent record, and an end that isn't before the start."""
    if not parents_of(activity):
        errors[""] = [_("An activity belongs to a lead, an opportunity, an account, a contact or a partner.")]
    if activity.end and not activity.start:
        errors["start"] = [_("An activity with an end needs a start.")]
    elif activity.end and activity.end < activity.start:
        errors["end"] = [_("The end is before the start.")]
