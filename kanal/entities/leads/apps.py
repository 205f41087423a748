"""Registers the room."""

from django.apps import AppConfig


class LeadsConfig(AppConfig):
    """Leads."""

    name = "kanal.entities.leads"

    def ready(self) -> None:
        """Declare the record type."""
        from kanal.entities.leads import entity, wiring

        assert entity
        wiring.connect()
