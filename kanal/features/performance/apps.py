"""Registers the feature: it hears of every finished request and job."""

from django.apps import AppConfig


class PerformanceConfig(AppConfig):
    """Where time goes."""

    name = "kanal.features.performance"
    label = "performance"

    def ready(self) -> None:
        """Keep what each trace says."""
        from kanal.core import observability
        from kanal.features.performance import store

        observability.on_finished(store.keep)
