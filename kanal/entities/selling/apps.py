"""Registers the room."""

from django.apps import AppConfig


class SellingConfig(AppConfig):
    """The sale of an opportunity."""

    name = "kanal.entities.selling"

    def ready(self) -> None:
        """Declare what opportunities get by the sale."""
        from kanal.entities.selling import entity  # noqa: F401
