"""Qualify: create and link the opportunity, account and contact of a lead in one transaction (LEAD-5)."""

from collections.abc import Callable, Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from kanal.core import access, registry, writes
from kanal.core.access.field_context import FieldContext
from kanal.core.actor import Actor
from kanal.core.writes.checks import unfold_custom
from kanal.entities.activities.models import Activity
from kanal.entities.leads import actions as lead_actions
from kanal.entities.leads import rules as lead_rules
from kanal.entities.leads.models import Lead, LeadStatus, Stage
from kanal.entities.qualification import prefill
from kanal.entities.qualification.candidates import candidates_of
from kanal.features.files.actions import move_files
from kanal.kit.errors import Invalid, NotFound, Refused

PARTS = ("opportunity", "account", "contact")
TYPES = {"opportunity": "opportunities", "account": "accounts", "contact": "contacts"}


@transaction.atomic
def qualify(lead: Any, values: Mapping[str, Any], *, by: Actor) -> Any:
    """Create the opportunity of a lead with its account and contact, and return it.

    `values` has `opportunity`, `account` and `contact`: an object of values for a new record (missing ones come from
    the lead), {"id": 7} for an existing one, None to omit it. A missing part is the linked or exactly matching record,
    else a new one. Raise Invalid with keys such as `account.organization`, and if several records match the lead's
    address or number.
    """
    by = by.within_action("qualify")
    current = lead_actions.lock_lead(lead)
    lead_actions.refuse(lead_rules.why_not_open(current))
    status = LeadStatus.of_kind(Stage.QUALIFIED)
    if status is None:
        raise Refused(_("There is no active lead status of the kind “qualified”."))
    parts = asked(values)
    errors: dict[str, list] = {}
    if missing := {"account", "contact"} - set(parts):
        for name, candidates in candidates_of(current, by.user).items():
            if name in missing and (part := collect_errors(name, errors, candidates.certain)):
                parts[name] = {"id": part}
    account = collect_errors("account", errors, lambda: account_for(current, parts, by))
    contact = collect_errors(
        "contact", errors, lambda: contact_for(current, parts, account, "account" in failed(errors), by)
    )
    opportunity = collect_errors("opportunity", errors, lambda: opportunity_for(current, parts, account, contact, by))
    if errors:
        raise Invalid(errors)
    move_along(current, opportunity, account, contact, by)
    linked = {"account_id": account.pk if account else None, "contact_id": contact.pk if contact else None}
    writes.update_system_fields(
        current, by=by, status_id=status.pk, qualified_at=timezone.now(), awaits_split=False,
        **{name: pk for name, pk in linked.items() if pk},
    )  # fmt: skip
    return opportunity


def asked(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the three parts. Raise Invalid if one isn't an object."""
    wrong = [key for key in values if key not in PARTS]
    if wrong:
        raise Invalid.on(wrong[0], _("There is no such field."))
    for key, part in values.items():
        if not (isinstance(part, Mapping) or (part is None and key != "opportunity")):
            raise Invalid.on(key, _("Send an object of values."))
    return dict(values)


def collect_errors(part: str, errors: dict[str, list], do: Callable[[], Any]) -> Any:
    """Create one of the records. Collect errors under the name of its part."""
    try:
        with transaction.atomic():
            return do()
    except Invalid as problem:
        errors |= {f"{part}.{key}" if key else part: messages for key, messages in problem.errors.items()}
    return None


def failed(errors: Mapping[str, Any]) -> set[str]:
    """Return the parts with errors."""
    return {key.partition(".")[0] for key in errors}


def account_for(lead: Lead, parts: Mapping[str, Any], by: Actor) -> Any:
    """Return the account: an existing one, a new one, or None if omitted."""
    part = parts.get("account", {})
    if part is None:
        return None
    return existing_record("account", part, by) or create_part(
        "account", prefill.account_of(access.readable(by.user, lead)), part, by
    )


def contact_for(lead: Lead, parts: Mapping[str, Any], account: Any, account_failed: bool, by: Actor) -> Any:
    """Return the contact: an existing one, a new one, or None if omitted or if the account is the person."""
    if "contact" not in parts and not prefill.has_own_contact(lead, account):
        return None
    part = parts.get("contact", {})
    if part is None:
        return None
    if existing := existing_record("contact", part, by):
        return existing
    values = prefill.contact_of(access.readable(by.user, lead))
    if account is not None:
        values["account"] = account.pk
    elif lead.partner_id:
        values["partner"] = lead.partner_id
    elif not part.get("account") and not part.get("partner"):
        if account_failed:
            return None
        raise Invalid.on("", _("A personal contact belongs to an account: add one, or leave the contact out."))
    return create_part("contact", values, part, by)


def opportunity_for(lead: Lead, parts: Mapping[str, Any], account: Any, contact: Any, by: Actor) -> Any:
    """Create the opportunity with its links."""
    values = prefill.opportunity_of(access.readable(by.user, lead))
    links = {
        "origin_lead": lead.pk, "account": account.pk if account else None,
        "main_contact": contact.pk if contact else None,
    }  # fmt: skip
    part = {key: value for key, value in (parts.get("opportunity") or {}).items() if key not in links}
    return create_part("opportunity", {**values, **{key: pk for key, pk in links.items() if pk}}, part, by)


def existing_record(part: str, values: Mapping[str, Any], by: Actor) -> Any:
    """Return the existing record with the given id, if any. Raise Invalid if it isn't visible."""
    if "id" not in values:
        return None
    entity = registry.get(TYPES[part])
    records = entity.model._default_manager if by.user is None else access.visible_to(by.user, entity)
    try:
        record = records.filter(pk=int(str(values["id"]))).first()
    except (ValueError, OverflowError):
        record = None
    if record is None:
        raise Invalid.on("id", str(NotFound()))
    return record


def create_part(part: str, preset: Mapping[str, Any], typed: Mapping[str, Any], by: Actor) -> Any:
    """Create a record from the lead's and the submitted values. Require fields by the actor's field rules."""
    entity = registry.get(TYPES[part])
    entered = unfold_custom(typed)
    values = {**unfold_custom(preset), **entered}
    if by.user is not None:
        allowed = FieldContext(by.user, entity).writable
        wrong = {key: [_("This field can't be changed.")] for key in entered if key not in allowed}
        missing = [key for key, field in allowed.items() if field.required and empty(values.get(key))]
        from_type = writes.preset_of(entity, by, values)
        asked_for = [key for key in missing if key in entered or not has_default(allowed[key], key, from_type)]
        errors = wrong | {key: [_("This field is required.")] for key in asked_for}
        if errors:
            raise Invalid(errors)
    return writes.create(entity, values, by=by, context=writes.carrying(entity, preset, by))


def empty(value: Any) -> bool:
    """Return whether there is no value."""
    return value in (None, "", [], {})


def has_default(field: Any, key: str, preset: Mapping[str, Any]) -> bool:
    """Return whether a value comes from the type's presets or the field's default."""
    return not empty(preset.get(key)) or field.default is not None or field.type.category == "boolean"


def move_along(lead: Lead, opportunity: Any, account: Any, contact: Any, by: Actor) -> None:
    """Move activities and files of the lead to the opportunity."""
    links = {"opportunity": opportunity.pk}
    links |= {"account": account.pk} if account else {}
    links |= {"contact": contact.pk} if contact else {}
    activities = registry.get("activities")
    for activity in Activity.objects.filter(lead=lead).order_by("pk"):
        writes.change(activity, links, by=by, context=writes.carrying(activities, links, by))
    move_files(registry.get("leads"), lead.pk, registry.get("opportunities"), opportunity.pk)
