"""The last app: once all others are ready, registration ends."""

from django.apps import AppConfig


class StartUpConfig(AppConfig):
    """End of start-up."""

    name = "kanal.config"
    label = "startup"

    def ready(self) -> None:
        """Freeze the registries."""
        from kanal.kit.registries import freeze_registries

        freeze_registries()
