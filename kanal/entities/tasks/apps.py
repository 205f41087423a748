"""Registers the room."""

from django.apps import AppConfig


class TasksConfig(AppConfig):
    """Tasks."""

    name = "kanal.entities.tasks"

    def ready(self) -> None:
        """Declare the record types."""
        from kanal.entities.tasks import entity  # noqa: F401
