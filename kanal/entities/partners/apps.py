"""Registers the room."""

from django.apps import AppConfig


class PartnersConfig(AppConfig):
    """Partners."""

    name = "kanal.entities.partners"

    def ready(self) -> None:
        """Declare the record types."""
        from kanal.entities.partners import entity  # noqa: F401
