"""Actions on leads: take, return, disqualify, reopen, link, archive, copy, anonymize, record the first touch."""

import datetime as dt
from contextlib import suppress
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from kanal.core import locks, registry, settings, writes
from kanal.core.actor import Actor
from kanal.core.fields import fields_of
from kanal.core.privacy import Forgotten, forget_person
from kanal.entities.leads import rules
from kanal.entities.leads.models import Lead, LeadStatus, Stage
from kanal.kit.errors import Invalid, Refused

TOLD_FOR = dt.timedelta(minutes=10)


def lock_lead(lead: Any) -> Lead:
    """Reload a lead and lock it until the end of the transaction."""
    return locks.lock_one(Lead.objects.all(), lead.pk)


def refuse(reason: Any) -> None:
    """Raise Refused if there is a reason."""
    if reason:
        raise Refused(reason)


@transaction.atomic
def take_lead(lead: Any, values: Any = None, *, by: Actor) -> None:
    """Assign a lead in the free pool to the first user who takes it. Later users are told who it was (LEAD-4)."""
    current = lock_lead(lead)
    refuse(rules.why_not_taken(current))
    writes.update_system_fields(
        current, by=by, assignee_id=by.user_id, assigned_at=timezone.now(), pool_left_at=timezone.now()
    )


@transaction.atomic
def return_to_pool(lead: Any, values: Any = None, *, by: Actor) -> None:
    """Return an open lead to the free pool (LEAD-4)."""
    current = lock_lead(lead)
    refuse(rules.why_not_open(current))
    writes.update_system_fields(current, by=by, assignee_id=None, partner_id=None, assigned_at=None, pool_left_at=None)


def disqualify(lead: Any, values: Any, *, by: Actor) -> None:
    """Disqualify a lead, with a status of kind disqualified and a reason (LEAD-6)."""
    status = LeadStatus.by_key(str(values.get("status") or ""))
    if status is None or status.kind != Stage.DISQUALIFIED:
        raise Invalid.on("status", _("Choose a status that says why the lead is disqualified."))
    reason = (values.get("disqualification_reason") or "").strip()
    with transaction.atomic():
        current = lock_lead(lead)
        refuse(rules.why_not_open(current))
        writes.change(
            current, {"status": status.key, "disqualification_reason": reason}, by=by.within_action("disqualify")
        )


def reopen(lead: Any, values: Any = None, *, by: Actor) -> None:
    """Undo a disqualification or qualification. Work continues in `status`, if given."""
    wanted = str((values or {}).get("status") or "")
    with transaction.atomic():
        current = lock_lead(lead)
        if current.is_open:
            raise Refused(_("The lead is open."))
        kind = Stage.TOUCHED if current.touched_at else Stage.NEW
        status = LeadStatus.by_key(wanted) if wanted else LeadStatus.of_kind(kind) or LeadStatus.default()
        if status is None:
            raise Refused(_("There is no status for open leads; add one in the settings."))
        writes.change(current, {"status": status.key}, by=by.within_action("reopen"))


def add_account(lead: Any, values: Any, *, by: Actor) -> None:
    """Set the account of a lead."""
    writes.change(lead, {"account": required(values, "account")}, by=by.within_action("add-account"))


def add_partner(lead: Any, values: Any, *, by: Actor) -> None:
    """Assign a lead to a partner."""
    writes.change(lead, {"partner": required(values, "partner")}, by=by.within_action("add-partner"))


def required(values: Any, key: str) -> Any:
    """Return the id of the picked record. Raise Invalid if there is none."""
    if not values.get(key):
        raise Invalid.on(key, _("Choose a record."))
    return values[key]


def archive(lead: Any, values: Any = None, *, by: Actor) -> None:
    """Remove a lead from all default lists and counts."""
    writes.change(lead, {"is_archived": True}, by=by.within_action("archive"))


def unarchive(lead: Any, values: Any = None, *, by: Actor) -> None:
    """Restore an archived lead."""
    writes.change(lead, {"is_archived": False}, by=by.within_action("unarchive"))


def copy_lead(lead: Any, values: Any = None, *, by: Actor) -> Any:
    """Create a lead with the same values, and return it."""
    entity = registry.get("leads")
    fields = fields_of(entity)
    kept = {
        key: field.get(lead)
        for key, field in fields.items()
        if (field.is_custom or not field.read_only) and key not in rules.NOT_COPIED
    }
    wanted = {key: value for key, value in kept.items() if value not in (None, "", [])}
    return writes.create(entity, wanted, by=by.within_action("copy"), context=writes.carrying(entity, wanted, by))


def anonymize(lead: Any, values: Any = None, *, by: Actor) -> None:
    """Permanently remove all personal data from the record and anywhere else (LEAD-8)."""
    personal = [field.key for field in fields_of(registry.get("leads")).values() if rules.is_personal(field)]
    with transaction.atomic():
        forget_person(lock_lead(lead), personal, by=by.within_action("anonymize"), contact_id=None)


def forget_with_contact(*, person: Forgotten, record: Any, by: Actor) -> None:
    """Anonymize the leads that a person's contact was created from or matched to."""
    if person.entity.key == "contacts":
        for lead in Lead.objects.filter(contact_id=person.pk, anonymized_at=None).order_by("pk"):
            anonymize(lead, by=by)


def note_touch(lead: Any, *, by: Actor) -> None:
    """Set a new lead to the status in the settings on its first activity or outgoing mail (LEAD-2)."""
    with transaction.atomic():
        current = lock_lead(lead)
        if current.stage != Stage.NEW or not current.is_open:
            return
        status = LeadStatus.by_key(settings.value("b2b.new_touch_status")) or LeadStatus.of_kind(Stage.TOUCHED)
        if status is not None and status.kind == Stage.TOUCHED:
            with suppress(Invalid):  # a field required in that status is missing: the lead stays new
                by = by.within_action("touch")  # permitted: to users who may add the activity
                writes.change(current, {"status": status.key}, by=by)


def return_untouched(now: dt.datetime) -> int:
    """Return leads untouched for too long to the free pool. Return how many there were (LEAD-4)."""
    hours = settings.value("leads.pool_hours")
    if not hours:
        return 0
    late = Lead.objects.open().filter(
        stage=Stage.NEW, assignee__isnull=False, partner=None, assigned_at__lte=now - dt.timedelta(hours=hours)
    )
    done = 0
    for lead in late.order_by("pk")[:500]:
        with transaction.atomic():
            current = lock_lead(lead)
            if rules.is_overdue_untouched(current, hours, now):
                return_to_pool(current, by=Actor(verb="return-to-pool"))
                done += 1
    return done
