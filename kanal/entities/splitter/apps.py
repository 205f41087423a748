"""Registers the room and what it hears of leads."""

from django.apps import AppConfig


class SplitterConfig(AppConfig):
    """The lead splitter."""

    name = "kanal.entities.splitter"

    def ready(self) -> None:
        """Declare the record type and listen for new leads."""
        from kanal.core import events
        from kanal.entities.splitter import entity, listeners  # noqa: F401

        events.subscribe("leads.created", listeners.hear_of_lead, unless=listeners.splits_itself)
