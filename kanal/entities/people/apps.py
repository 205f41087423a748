"""Registers the room."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """People."""

    name = "kanal.entities.people"

    def ready(self) -> None:
        """Declare the record types; have sign-ins noted."""
        from kanal.entities.people import entity, signins  # noqa: F401

        signins.install()
