"""Rebuild the search index."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from kanal.core import registry
from kanal.features.search.indexing import rebuild, searched_types


class Command(BaseCommand):
    """Rebuild the search index of all types, or of the given ones."""

    help = "Rebuild the search index for all types, or for the given ones."

    def add_arguments(self, parser: CommandParser) -> None:
        """Add the type keys."""
        parser.add_argument("types", nargs="*")

    def handle(self, *args: Any, **options: Any) -> None:
        """Rebuild each type in its own transaction."""
        for entity in [registry.get(key) for key in options["types"]] or searched_types():
            self.stdout.write(f"{entity.key}: {rebuild(entity)}")
