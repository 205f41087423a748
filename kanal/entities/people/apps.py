"""Registers the room."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """People."""

    name = "kanal.entities.people"

    def ready(self) -> None:
        """Declare the record types."""
        from kanal.entities.people import entity  # noqa: F401
