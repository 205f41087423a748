"""Registers the room."""

from django.apps import AppConfig


class PricebooksConfig(AppConfig):
    """Price books, products, prices, bundles."""

    name = "kanal.entities.pricebooks"

    def ready(self) -> None:
        """Declare the record types."""
        from kanal.entities.pricebooks import entity  # noqa: F401
