"""Registers the room, its settings, and what it hears of."""

from django.apps import AppConfig
from django.db.models.signals import post_save


class LeadsConfig(AppConfig):
    """Leads."""

    name = "kanal.entities.leads"

    def ready(self) -> None:
        """Declare record type and settings, and listen to activities and statuses."""
        from kanal.core import events
        from kanal.entities.leads import actions, entity, listeners, settings  # noqa: F401
        from kanal.entities.leads.models import LeadStatus

        events.on("record.saved", listeners.hear_of_activity)
        events.on("person.forgetting", actions.forget_with_contact)
        post_save.connect(listeners.hear_of_status, sender=LeadStatus, dispatch_uid="leads.stage")
