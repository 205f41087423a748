"""Signal handlers of leads: new activities, changed kinds of statuses, anonymized persons."""

from typing import Any

from django.db.models.signals import post_save

from kanal.core import events
from kanal.core.actor import SYSTEM, Actor
from kanal.entities.leads.actions import forget_with_contact, note_touch
from kanal.entities.leads.models import Lead, LeadStatus


def hear_of_activity(entity: Any, record: Any, changed: set[str]) -> None:
    """Treat the first activity on a new lead as its first touch (LEAD-2)."""
    if entity.key == "activities" and record.revision == 1 and getattr(record, "lead_id", None):
        note_touch(record.lead, by=Actor(user=record.created_by))


def hear_of_status(instance: LeadStatus, **_signal: Any) -> None:
    """Update the stage of leads when the kind of their status changes."""
    SYSTEM.set_on_connection()
    wrong = Lead.objects.filter(status=instance).exclude(stage=instance.kind)
    wrong.update(stage=instance.kind)  # direct write: the stage is computed from the status


events.on("record.saved", hear_of_activity)
events.on("person.forgetting", forget_with_contact)
post_save.connect(hear_of_status, sender=LeadStatus)
