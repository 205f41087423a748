"""Registers the room."""

from django.apps import AppConfig


class CampaignsConfig(AppConfig):
    """Campaigns."""

    name = "kanal.entities.campaigns"

    def ready(self) -> None:
        """Declare the record types."""
        from kanal.entities.campaigns import entity  # noqa: F401
