"""Registers the room."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Accounts."""

    name = "kanal.entities.accounts"

    def ready(self) -> None:
        """Declare the record types."""
        from kanal.entities.accounts import entity  # noqa: F401
