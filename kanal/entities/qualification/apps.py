"""Registers the room: the verb “Qualify” of leads, and its setting."""

from django.apps import AppConfig


class QualificationConfig(AppConfig):
    """Qualification of leads."""

    name = "kanal.entities.qualification"

    def ready(self) -> None:
        """Add the verb to leads, and declare the setting."""
        from kanal.entities.qualification import entity, settings  # noqa: F401
