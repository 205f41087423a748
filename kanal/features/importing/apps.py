"""Registers the feature."""

from django.apps import AppConfig


class ImportingConfig(AppConfig):
    """Importing."""

    name = "kanal.features.importing"
    label = "importing"

    def ready(self) -> None:
        """Listen for persons who are forgotten."""
        from kanal.core import events
        from kanal.features.importing.privacy import forget_files

        events.on("person.forgotten", forget_files)
