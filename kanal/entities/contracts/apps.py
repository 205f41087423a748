"""Registers the room."""

from django.apps import AppConfig


class ContractsConfig(AppConfig):
    """Contracts."""

    name = "kanal.entities.contracts"

    def ready(self) -> None:
        """Declare the record type and what accounts get by it."""
        from kanal.entities.contracts import entity  # noqa: F401
