"""Registers the room and what it hears of accounts."""

from django.apps import AppConfig


class ActivitiesConfig(AppConfig):
    """Activities."""

    name = "kanal.entities.activities"

    def ready(self) -> None:
        """Declare the record type, and listen to accounts."""
        from kanal.core import events
        from kanal.entities.activities import entity, timeline  # noqa: F401
        from kanal.entities.activities.privacy import follow_account

        timeline.connect()
        events.listen_now("record.saved", follow_account)
