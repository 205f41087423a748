"""Registers the room."""

from django.apps import AppConfig


class QuotesConfig(AppConfig):
    """Quotes, their items, document templates."""

    name = "kanal.entities.quotes"

    def ready(self) -> None:
        """Declare the record types and what opportunities get by them."""
        from kanal.entities.quotes import blocks, entity, wiring

        assert blocks
        assert entity
        wiring.connect()
