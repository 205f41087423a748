"""`kanal export TYPE --user NAME`: write a list to a file, limited to what the user may see (LIST-7)."""

import sys
from collections.abc import Iterable
from itertools import chain
from pathlib import Path
from typing import Any

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError, CommandParser

from kanal.core import access, audit, registry
from kanal.core.actor import ChangeSource
from kanal.core.context import Context
from kanal.core.entity import Entity
from kanal.core.listing import ListQuery, columns_of
from kanal.core.listing.columns import all_keys
from kanal.core.query import QueryError, parse
from kanal.features.exporting.files import require_possible
from kanal.features.exporting.formats import ExportFormat, formats_of
from kanal.features.exporting.rows import ExportRows
from kanal.kit.errors import Refused


class Command(BaseCommand):
    """Export a list."""

    help = "Export the records of a type to a file, with the permissions of a user."

    def add_arguments(self, parser: CommandParser) -> None:
        """Add the type, the file and its contents."""
        parser.add_argument("type", help="a record type, such as contacts")
        parser.add_argument("file", nargs="?", default="-", help="the file to write; - or nothing for standard output")
        parser.add_argument("--user", required=True, help="the user whose permissions, time zone and language apply")
        parser.add_argument("--filter", default="", help="a filter, as in the URLs of lists")
        parser.add_argument("--columns", default="", help="keys of fields, separated by commas; default: all fields")
        parser.add_argument("--format", default="", help="csv, xlsx, vcf …; default: the file's extension, else csv")
        parser.add_argument("--sort", default="", help="keys of fields, -key for descending order")

    def handle(self, *args: Any, **options: Any) -> None:
        """Export the records."""
        user = get_user_model()._default_manager.filter(username__iexact=options["user"]).first()
        if user is None:
            raise CommandError(f"There is no user “{options['user']}”.")
        entity = registry.find(options["type"])
        if entity is None or not entity.is_exportable:
            raise CommandError(f"There is nothing to export of “{options['type']}”.")
        export_format = self.format_for(entity, options["format"], options["file"])
        with Context.of(user, ChangeSource.API).active():
            if not access.has_permission(user, entity, "export"):
                raise CommandError(f"{user} may not export {entity.plural}.")
            try:
                ask = ListQuery(entity=entity, user=user, node=parse(options["filter"]), sort=options["sort"])
                chosen = [key.strip() for key in options["columns"].split(",") if key.strip()]
                keys = chosen or all_keys(entity, ask.reader)
                columns = columns_of(entity, keys, ask.reader, strict=bool(chosen), most=None)
                require_possible(export_format, ask)
                pieces = iter(export_format.write(ExportRows(ask, columns)))
                first = next(pieces, "")
            except (QueryError, Refused) as problem:
                raise CommandError(str(problem)) from None
            text = f"{entity.plural} ({export_format.extension}): {options['filter']}"
            audit.note(audit.Kind.EXPORT, user, text, entity=entity.key)
            self.write(options["file"], chain([first], pieces))

    def format_for(self, entity: Entity, wanted: str, file: str) -> ExportFormat:
        """Return the requested format, else that of the file's extension, else the default."""
        offered = {export_format.key: export_format for export_format in formats_of(entity)}
        if wanted and wanted not in offered:
            raise CommandError(f"There is no format “{wanted}” for {entity.plural}. There are: {', '.join(offered)}.")
        extensions = {export_format.extension: export_format for export_format in offered.values()}
        return offered.get(wanted) or extensions.get(Path(file).suffix.lstrip(".")) or next(iter(offered.values()))

    def write(self, name: str, pieces: Iterable[str | bytes]) -> None:
        """Write the chunks to a file or standard output."""
        if name != "-":
            with Path(name).open("wb") as out:
                out.writelines(piece if isinstance(piece, bytes) else piece.encode() for piece in pieces)
            return
        for piece in pieces:
            if isinstance(piece, bytes):
                sys.stdout.buffer.write(piece)
            else:
                self.stdout.write(piece, ending="")
