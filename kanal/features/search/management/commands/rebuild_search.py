"""Makes the entries of search anew."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from kanal.core import registry
from kanal.features.search.indexing import rebuild, searched_types


class Command(BaseCommand):
    """Rebuild the search of all types, or of those named."""

    help = "Rebuild the search index for all types, or for the given ones."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the keys of types."""
        parser.add_argument("types", nargs="*")

    def handle(self, *args: Any, **options: Any) -> None:
        """Rebuild type by type, each in a transaction of its own."""
        for entity in [registry.get(key) for key in options["types"]] or searched_types():
            self.stdout.write(f"{entity.key}: {rebuild(entity)}")
