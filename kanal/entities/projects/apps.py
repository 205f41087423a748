"""Registers the room."""

from django.apps import AppConfig


class ProjectsConfig(AppConfig):
    """Projects."""

    name = "kanal.entities.projects"

    def ready(self) -> None:
        """Declare the record type and its setting."""
        from kanal.entities.projects import entity, settings  # noqa: F401
