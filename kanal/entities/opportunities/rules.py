"""Rules of opportunities: values derived from statuses and quotes, and locks."""

from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from kanal.core import registry
from kanal.core.access import permitted_actions
from kanal.core.fields import fields_of
from kanal.entities.opportunities.models import Opportunity, OpportunityStatus, Pipeline
from kanal.kit.currencies import digits
from kanal.kit.errors import Invalid, Refused
from kanal.kit.text import slugify_key

# Fields that can still be edited on a sold opportunity: none of them is an item, quote or value (SOLD-2).
OPEN_WHEN_LOCKED = frozenset(
    {
        "next_action_date",
        "tags",
        "further_members",
        "assignee",
        "tasks",
        "description",
        "need",
        "main_contact",
        "further_accounts",
    }
)
CLOSED = (OpportunityStatus.Kind.WON, OpportunityStatus.Kind.LOST)
EMPTY = (None, "", [], {})


def key_from_name(record: Any, changed: set[str]) -> None:
    """Set a choice's stable key from its name, once. A duplicate name gets its pipeline's as a prefix."""
    if record.key:
        return
    record.key = slugify_key(record.name, "choice").replace("_", "-")
    taken = type(record)._default_manager.filter(key=record.key).exists()
    if taken and isinstance(record, OpportunityStatus):
        record.key = f"{record.pipeline.key}-{record.key}"[:60]


def derive_opportunity(opportunity: Any, changed: set[str]) -> None:
    """Set derived values: pipeline, probability, weighted value, and whether the value was set manually."""
    is_new = opportunity.pk is None
    settle_pipeline(opportunity, changed, is_new)
    settle_probability(opportunity, changed)
    settle_value(opportunity, changed, is_new)
    opportunity.weighted_value = weighted(opportunity.value, opportunity.probability, opportunity.currency)
    if "status" in changed or is_new:
        opportunity.status_since = timezone.now()


def weighted(value: Decimal | None, probability: Decimal | None, currency: str) -> Decimal | None:
    """Return the value times its probability, rounded half to even to the currency's digits."""
    if value is None or probability is None:
        return None
    return round(Decimal(value) * Decimal(probability) / 100, digits(currency))


def settle_pipeline(opportunity: Any, changed: set[str], is_new: bool) -> None:
    """Set pipeline and status by the chosen status, else by the chosen pipeline, else by the project."""
    if opportunity.status_id is None:
        pipeline = opportunity.pipeline if opportunity.pipeline_id else default_pipeline(opportunity.project_id)
        opportunity.pipeline = pipeline
        opportunity.status = first_status(pipeline)
    elif "pipeline" in changed and "status" not in changed and opportunity.pipeline_id:
        if opportunity.status.pipeline_id != opportunity.pipeline_id:
            opportunity.status = first_status(opportunity.pipeline)
            changed.add("status")
    else:
        opportunity.pipeline_id = opportunity.status.pipeline_id


def default_pipeline(project_id: int | None) -> Any:
    """Return the default pipeline of a project."""
    own = Pipeline.objects.filter(projects=project_id, is_active=True).first() if project_id else None
    return own or Pipeline.default()


def first_status(pipeline: Any) -> Any:
    """Return the initial status of a pipeline."""
    rows = OpportunityStatus.in_pipeline(pipeline.pk if pipeline else None)
    rows = [row for row in rows if row.kind not in CLOSED] or rows
    return next((row for row in rows if row.is_default), rows[0] if rows else None)


def closing_status(opportunity: Any, kind: str, wanted: str | None = None) -> Any:
    """Return the status that closes an opportunity: the given one, else its pipeline's first of the kind, or None."""
    rows = [row for row in OpportunityStatus.in_pipeline(opportunity.pipeline_id) if row.kind == kind]
    if not wanted:
        return rows[0] if rows else None
    status = next((row for row in rows if row.key == wanted), None)
    if status is None:
        raise Invalid.on("status", _("Choose a suitable status of the opportunity's pipeline."))
    return status


def settle_probability(opportunity: Any, changed: set[str]) -> None:
    """Set the status's probability unless another one was entered."""
    usual = opportunity.status.probability if opportunity.status_id else None
    if "probability" in changed:
        given = opportunity.probability
        opportunity.probability_by_hand = given is not None and given != usual
    if not opportunity.probability_by_hand or ("status" in changed and opportunity.status.kind in CLOSED):
        opportunity.probability, opportunity.probability_by_hand = usual, False


def settle_value(opportunity: Any, changed: set[str], is_new: bool) -> None:
    """Set the value of the active quote, unless it was set manually (OPP-6)."""
    if opportunity.quoted_value is None or is_new:
        return
    if "value" in changed and "value_by_hand" not in changed and "quoted_value" not in changed:
        opportunity.value_by_hand = True
    if not opportunity.value_by_hand:
        opportunity.value, opportunity.currency = opportunity.quoted_value, opportunity.quoted_currency


def check_opportunity(opportunity: Any, errors: dict[str, list]) -> None:
    """Require the fields of the status, and add an error for a status of another pipeline."""
    if opportunity.status_id is None:
        errors["status"] = [_("This field is required.")]
        return
    if opportunity.status.pipeline_id != opportunity.pipeline_id:
        errors["status"] = [_("This status belongs to another pipeline.")]
    if opportunity.value is not None and opportunity.value < 0:
        errors["value"] = [_("This can't be negative.")]
    for key, label in missing_fields(opportunity):
        errors[key] = [_("“%(status)s” requires “%(field)s”.") % {"status": opportunity.status.label, "field": label}]


def check_status(status: Any, errors: dict[str, list]) -> None:
    """Add errors if a status in use changes kind or pipeline, since its opportunities would be won or lost."""
    before = OpportunityStatus.objects.filter(pk=status.pk).first() if status.pk else None
    if before is None or (before.kind, before.pipeline_id) == (status.kind, status.pipeline_id):
        return
    if used := Opportunity.objects.filter(status=status.pk).count():
        message = _("%(count)s records have this status. Create another status of this kind and move them to it.")
        errors["kind" if before.kind != status.kind else "pipeline"] = [message % {"count": used}]


def missing_fields(opportunity: Any) -> list[tuple[str, str]]:
    """List the empty fields (key, label) that the status requires."""
    entity = registry.of(opportunity)
    fields = fields_of(entity) if entity else {}
    pending = {field.key: ids for field, ids in getattr(opportunity, "pending_links", {}).items()}
    asked = [fields[key] for key in opportunity.status.required_fields if key in fields]
    return [
        (field.key, str(field.label))
        for field in asked
        if (pending[field.key] if field.key in pending else field.get(opportunity)) in EMPTY
    ]


def guard_opportunity(opportunity: Any, changed: set[str], by: Any) -> None:
    """Prevent changes to a sold opportunity until it's unlocked (SOLD-2)."""
    if not changed <= OPEN_WHEN_LOCKED | {"custom"}:
        refuse_if_locked(opportunity, by.user)


def why_locked(opportunity: Any, user: Any = None) -> Any:
    """Return why a sold opportunity can't be changed and what the reader can do about it, else None."""
    if not opportunity.is_locked:
        return None
    if user is not None and may_unlock(opportunity, user):
        return _("This opportunity is sold and locked. Unlock it first.")
    return _("This opportunity is sold and locked. Only somebody who is permitted to unlock it can change it.")


def may_unlock(opportunity: Any, user: Any) -> bool:
    """Return whether a user can unlock a sold opportunity. Cached per record, since each of its controls asks."""
    known = opportunity.__dict__.setdefault("unlocked_by", {})
    if user.pk not in known:
        entity = registry.get("opportunities")
        unlock = registry.action(entity, "unlock")
        is_offered = unlock is not None and not unlock.why_hidden(opportunity, user)
        known[user.pk] = is_offered and "unlock" in permitted_actions(user, entity, opportunity, {"unlock"})
    return bool(known[user.pk])


def refuse_if_locked(opportunity: Any, user: Any = None) -> None:
    """Raise Refused if the opportunity is locked."""
    if reason := why_locked(opportunity, user):
        raise Refused(reason)
