"""Registers the API and its settings."""

from django.apps import AppConfig


class ApiConfig(AppConfig):
    """The REST interface."""

    name = "kanal.api"
    label = "api"

    def ready(self) -> None:
        """Declare the limits; listen for persons who are forgotten."""
        from kanal.api import limits, once
        from kanal.core import events

        limits.declare()
        events.listen_now("person.forgotten", once.forget_answers)
