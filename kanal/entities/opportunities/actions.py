"""Actions on opportunities. Actions that create records of other apps (quotes, the sale) are in those."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from kanal.core import registry, writes
from kanal.core.actor import Actor
from kanal.entities.opportunities import rules
from kanal.entities.opportunities.models import OpportunityStatus
from kanal.kit.errors import Refused

COPIED = (
    "opportunity_type", "project", "account", "main_contact", "assignee", "partner", "campaign",
    "forecast_category", "key_prospect", "need",
    "competitor", "description", "tags", "further_members", "further_accounts",
)  # fmt: skip


@transaction.atomic
def copy_opportunity(opportunity: Any, values: Mapping[str, Any], *, by: Actor) -> Any:
    """Copy an opportunity with a new number, its pipeline's first status, and neither quotes nor sale."""
    entity = registry.get("opportunities")
    taken: dict[str, Any] = {
        key: value for key, value in copied_values(opportunity).items() if value not in (None, "", [])
    }
    taken["custom"] = dict(opportunity.custom)
    status = rules.first_status(opportunity.pipeline)
    attributes = {**taken, "status": status.key, **given(values)}
    return writes.create(entity, attributes, by=by.within_action("copy"), context=writes.carrying(entity, taken, by))


def copied_values(opportunity: Any) -> dict[str, Any]:
    """Return the values to copy by field key."""
    from kanal.core.fields import fields_of

    fields = fields_of(registry.get("opportunities"))
    return {key: fields[key].get(opportunity) for key in COPIED}


def given(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the inputs that aren't empty."""
    return {key: value for key, value in values.items() if value not in (None, "")}


def copy_preset(opportunity: Any) -> dict[str, Any]:
    """Return the initial values of the copy form."""
    from kanal.core.fields import fields_of

    fields = fields_of(registry.get("opportunities"))
    shown = ("project", "account", "assignee", "value", "expected_close_date")
    name = _("%(name)s (copy)") % {"name": opportunity.name}
    return {"name": name[:200], **{key: fields[key].get(opportunity) for key in shown}}


@transaction.atomic
def move_opportunity(opportunity: Any, values: Mapping[str, Any], *, by: Actor, emptied: Iterable[str] = ()) -> Any:
    """Move an opportunity to another project, optionally with its tasks, and change other fields.

    Empty inputs leave fields unchanged, except those in `emptied`.
    """
    rules.refuse_if_locked(opportunity, by.user)
    changes = given({key: value for key, value in values.items() if key != "with_tasks"}) | dict.fromkeys(emptied)
    moved = writes.change(opportunity, changes, by=by.within_action("move"))
    if values.get("with_tasks") and changes.get("project"):
        for task in moved.tasks.all():
            writes.change(task, {"project": changes["project"]}, by=by.within_action("move"))
    return moved


@transaction.atomic
def lose(opportunity: Any, values: Mapping[str, Any], *, by: Actor) -> None:
    """Mark an opportunity as lost, with the reason, in `status` if the pipeline has several for it."""
    status = rules.closing_status(opportunity, OpportunityStatus.Kind.LOST, values.get("status"))
    if status is None:
        raise Refused(_("This pipeline has no status for lost opportunities."))
    writes.change(opportunity, {**values, "status": status.key}, by=by.within_action("lost"))


def lost_preset(opportunity: Any) -> dict[str, Any]:
    """Return the default status of the dialog: the pipeline's first one of kind lost."""
    status = OpportunityStatus.first_of_kind(opportunity.pipeline_id, OpportunityStatus.Kind.LOST)
    return {"status": status.key} if status else {}


def why_not_lose(opportunity: Any, user: Any = None) -> Any:
    """Return why an opportunity can't be lost."""
    if opportunity.is_locked:
        return _("This opportunity is sold.")
    if opportunity.status.kind == OpportunityStatus.Kind.WON:
        return _("This opportunity is won. Reopen it first.")
    return _("This opportunity is already lost.") if opportunity.status.kind == "lost" else None


def add_task(opportunity: Any, values: Mapping[str, Any], *, by: Actor) -> None:
    """Link a task to an opportunity."""
    add_link(opportunity, "tasks", values["task"], by.within_action("add-task"))


def add_account(opportunity: Any, values: Mapping[str, Any], *, by: Actor) -> None:
    """Link another account to an opportunity. The first one becomes its main account."""
    by = by.within_action("add-account")
    if opportunity.account_id is None:
        writes.change(opportunity, {"account": values["account"]}, by=by)
    else:
        add_link(opportunity, "further_accounts", values["account"], by)


def add_link(opportunity: Any, key: str, pk: Any, by: Actor) -> None:
    """Add a record to a multi-relation field."""
    ids = list(getattr(opportunity, key).values_list("pk", flat=True))
    writes.change(opportunity, {key: [*ids, int(pk)]}, by=by)


def add_business_role(opportunity: Any, values: Mapping[str, Any], *, by: Actor) -> None:
    """Add the business role of a person."""
    entity = registry.get("business-roles")
    writes.create(entity, {**values, "opportunity": opportunity.pk}, by=by.within_action("add-business-role"))


def assign_partner(opportunity: Any, values: Mapping[str, Any], *, by: Actor) -> None:
    """Assign an opportunity to a partner."""
    writes.change(opportunity, {"partner": values["partner"]}, by=by.within_action("assign-partner"))


def delete_opportunity(opportunity: Any, values: Mapping[str, Any], *, by: Actor) -> None:
    """Delete an opportunity with its quotes. Raise Refused if it's sold."""
    writes.delete(opportunity, by=by)
