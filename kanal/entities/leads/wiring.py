"""What leads hear of and are set by: settings, first activities, statuses whose kind changed."""

from typing import Any

from django.db.models.signals import post_save
from django.utils.translation import gettext_lazy as _

from kanal.core import events, settings
from kanal.core.actor import SYSTEM, Actor
from kanal.core.fields import KINDS, Field
from kanal.entities.leads.actions import note_touch
from kanal.entities.leads.models import Lead, LeadStatus


def hear_of_activity(entity: Any, record: Any, changed: set[str]) -> None:
    """Take the first activity on a new lead for its first touch (LEAD-2)."""
    if entity.key == "activities" and record.revision == 1 and getattr(record, "lead_id", None):
        note_touch(record.lead, by=Actor(user=record.created_by))


def hear_of_status(instance: LeadStatus, **_signal: Any) -> None:
    """Keep the stage of leads true when an administrator changes the kind of their status."""
    SYSTEM.sign()
    wrong = Lead.objects.filter(status=instance).exclude(stage=instance.kind)
    wrong.update(stage=instance.kind)  # pen: the stage is computed from the status


def connect() -> None:
    """Declare the settings and start to listen."""
    settings.declare(
        "b2b",
        Field(
            "b2b.new_touch_status", _("New touch status"), KINDS["choice"], table=LeadStatus, default="touched",
            help=_("The status that a new lead gets at its first activity or outgoing mail."),
        ),
        Field(
            "b2b.default_campaign_project", _("Default campaign project"), KINDS["relation"], target="projects",
            help=_("The project of new leads and campaigns for which nobody names one."),
        ),
        Field(
            "leads.pool_hours", _("Free pool hours"), KINDS["integer"], default=0, minimum=0, maximum=8760,
            help=_("After so many hours without a touch an assigned lead returns to the free pool; 0 for never."),
        ),
    )  # fmt: skip
    events.listen_now("record.saved", hear_of_activity)
    post_save.connect(hear_of_status, sender=LeadStatus, dispatch_uid="leads.stage")
