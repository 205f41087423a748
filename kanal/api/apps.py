"""Registers the API and its settings."""

from django.apps import AppConfig


class ApiConfig(AppConfig):
    """The REST interface."""

    name = "kanal.api"
    label = "api"

    def ready(self) -> None:
        """Declare the limits."""
        from kanal.api import limits

        limits.declare()
