"""Registers the room."""

from django.apps import AppConfig


class OpportunitiesConfig(AppConfig):
    """Opportunities, pipelines, business roles."""

    name = "kanal.entities.opportunities"

    def ready(self) -> None:
        """Declare the record types."""
        from kanal.entities.opportunities import entity  # noqa: F401
