"""App configuration: subscribes to every finished request and job."""

from django.apps import AppConfig


class PerformanceConfig(AppConfig):
    """Performance."""

    name = "kanal.features.performance"
    label = "performance"

    def ready(self) -> None:
        """Record every trace."""
        from kanal.core import observability
        from kanal.features.performance import store

        observability.on_finished(store.queue_trace)
