"""Rules of leads. No database or request."""

import datetime as dt
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from kanal.core.privacy import PERSONAL_CUSTOM
from kanal.entities.leads.models import OPEN, LeadStatus, Stage

PERSONAL = (
    "subject", "first_name", "last_name", "job_title", "email", "phone", "website", "street", "postcode",
    "description", "consent", "utm_term", "utm_content", "disqualification_reason",
)  # fmt: skip
NOT_COPIED = ("status", "account_id", "stage", "consent", "consent_at", "disqualification_reason")


def is_personal(field: Any) -> bool:
    """Return whether a field contains personal data. Custom fields do if they're free text or refer to a person."""
    return field.key in PERSONAL or (field.is_custom and field.type.key in PERSONAL_CUSTOM)


def title_of(lead: Any) -> str:
    """Return the title of a lead: its subject, else person and company, else email or phone."""
    if lead.anonymized_at:
        return str(_("Anonymized lead"))
    named = " – ".join(part for part in (lead.person, lead.company) if part)
    return (lead.subject or named or lead.email or lead.phone or str(_("Lead without a name")))[:200]


def derive_lead(lead: Any, changed: set[str]) -> None:
    """Set derived values: name, stage, and the times of first events."""
    now = timezone.now()
    if lead.status_id is None:
        lead.status = LeadStatus.default()
    lead.name = title_of(lead)
    lead.stage = LeadStatus.kind_of(lead.status_id)
    if lead.pk is None:
        lead.received_at = now
        lead.awaits_split = lead.is_open and lead.assignee_id is None and lead.partner_id is None
    if lead.stage == Stage.QUALIFIED and lead.qualified_at is None:
        lead.qualified_at = now
    if lead.stage in (Stage.TOUCHED, Stage.QUALIFIED) and lead.touched_at is None:
        lead.touched_at = now
    if lead.stage in OPEN:
        lead.qualified_at = None
        lead.disqualification_reason = ""
    if "assignee" in changed or "assignee_id" in changed:
        lead.assigned_at = now if lead.assignee_id else None
    if lead.assignee_id or lead.partner_id or not lead.is_open:
        lead.awaits_split = False


def check_lead(lead: Any, errors: dict[str, list]) -> None:
    """Add an error for a lead without any information."""
    known = (lead.subject, lead.first_name, lead.last_name, lead.company, lead.email, lead.phone, lead.anonymized_at)
    if not any(known):
        errors["subject"] = [_("Enter a subject, a name, a company, an e-mail address or a phone number.")]


def why_not_open(lead: Any, user: Any = None) -> Any:
    """Return why a lead can't be decided on now, or None."""
    if lead.is_archived:
        return _("The lead is archived.")
    if lead.stage not in OPEN:
        return _("The lead is already closed.")
    return None


def why_not_taken(lead: Any, user: Any = None) -> Any:
    """Return why a lead can't be taken from the free pool, including the current assignee, or None (LEAD-4)."""
    if lead.is_in_pool:
        return None
    if lead.assignee_id:
        return _("%(name)s has already taken this lead.") % {"name": lead.assignee}
    if lead.partner_id:
        return _("This lead is offered to a partner.")
    if reason := why_not_open(lead):
        return reason
    return _("The splitter is about to assign this lead.")


def is_overdue_untouched(lead: Any, hours: int, now: dt.datetime) -> bool:
    """Return whether an assigned lead was untouched for too long, so that it returns to the pool (LEAD-4)."""
    waits = lead.is_open and lead.stage == Stage.NEW and lead.assignee_id and not lead.partner_id
    return bool(hours and waits and lead.assigned_at and now - lead.assigned_at >= dt.timedelta(hours=hours))
