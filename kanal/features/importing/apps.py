"""App configuration."""

from django.apps import AppConfig


class ImportingConfig(AppConfig):
    """Importing."""

    name = "kanal.features.importing"
    label = "importing"

    def ready(self) -> None:
        """Subscribe to the erasure of persons."""
        from kanal.core import events
        from kanal.features.importing.privacy import forget_files

        events.on("person.forgotten", forget_files)
