"""Registers the room."""

from django.apps import AppConfig


class SplitterConfig(AppConfig):
    """The lead splitter."""

    name = "kanal.entities.splitter"

    def ready(self) -> None:
        """Declare the record type and listen for new leads."""
        from kanal.entities.splitter import entity, wiring

        assert entity
        wiring.connect()
