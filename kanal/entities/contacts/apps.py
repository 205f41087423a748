"""Registers the room, its settings, and what it hears of accounts."""

from django.apps import AppConfig


class ContactsConfig(AppConfig):
    """Contacts."""

    name = "kanal.entities.contacts"

    def ready(self) -> None:
        """Declare record types and settings, and listen to accounts."""
        from kanal.core import events
        from kanal.entities.contacts import entity, settings  # noqa: F401
        from kanal.entities.contacts.actions import forget_channels
        from kanal.entities.contacts.privacy import follow_account

        events.on("record.saved", follow_account)
        events.on("person.forgetting", forget_channels)
