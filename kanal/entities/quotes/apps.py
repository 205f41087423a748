"""Registers the room, its settings, and what it hears of."""

from django.apps import AppConfig


class QuotesConfig(AppConfig):
    """Quotes, their items, document templates."""

    name = "kanal.entities.quotes"

    def ready(self) -> None:
        """Declare record types and settings, what opportunities get by them, and listen to files."""
        from kanal.core import companions, events
        from kanal.entities.quotes import detail_blocks, entity, settings  # noqa: F401
        from kanal.entities.quotes.documents import hear_of_upload

        companions.hang("quotes_templatereport", "version_id", on="files_version")
        events.on("file.attached", hear_of_upload)
