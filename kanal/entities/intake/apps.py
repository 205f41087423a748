"""Registers the room."""

from django.apps import AppConfig


class IntakeConfig(AppConfig):
    """The intake of leads."""

    name = "kanal.entities.intake"

    def ready(self) -> None:
        """Declare the record types, describe the address; remove what came when a lead is anonymized."""
        from kanal.core import events
        from kanal.entities.intake import entity, openapi, privacy

        assert entity
        openapi.describe_intake()
        events.on("person.forgotten", privacy.forget_posts)
