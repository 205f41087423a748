"""`kanal export TYPE --user NAME`: write a list as CSV, as far as the user may see it (LIST-7)."""

from collections.abc import Iterable
from itertools import chain
from pathlib import Path
from typing import Any

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError, CommandParser

from kanal.core import access, audit, registry
from kanal.core.actor import ChangeSource
from kanal.core.context import Context
from kanal.core.listing import ListQuery, columns_of
from kanal.core.listing.columns import all_keys
from kanal.core.query import QueryError, parse
from kanal.features.exporting.csv import lines


class Command(BaseCommand):
    """Export a list."""

    help = "Export the records of a type as CSV, with the permissions of a user."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the type, the file, and what is to stand in it."""
        parser.add_argument("type", help="a record type, such as contacts")
        parser.add_argument("file", nargs="?", default="-", help="the file to write; - or nothing for standard output")
        parser.add_argument("--user", required=True, help="the user whose permissions, time zone and language apply")
        parser.add_argument("--filter", default="", help="a filter, as in the URLs of lists")
        parser.add_argument("--columns", default="", help="keys of fields, separated by commas; default: all fields")
        parser.add_argument("--sort", default="", help="keys of fields, -key for descending order")

    def handle(self, *args: Any, **options: Any) -> None:
        """Export the records."""
        user = get_user_model()._default_manager.filter(username__iexact=options["user"]).first()
        if user is None:
            raise CommandError(f"There is no user “{options['user']}”.")
        entity = registry.find(options["type"])
        if entity is None or not entity.is_exportable:
            raise CommandError(f"There is nothing to export of “{options['type']}”.")
        with Context.of(user, ChangeSource.API).active():
            if not access.has_permission(user, entity, "export"):
                raise CommandError(f"{user} may not export {entity.plural}.")
            try:
                ask = ListQuery(entity=entity, user=user, node=parse(options["filter"]), sort=options["sort"])
                chosen = [key.strip() for key in options["columns"].split(",") if key.strip()]
                keys = chosen or all_keys(entity, ask.reader)
                columns = columns_of(entity, keys, ask.reader, strict=bool(chosen), most=None)
                pieces = lines(ask, columns)
                first = next(pieces)
            except QueryError as problem:
                raise CommandError(str(problem)) from None
            audit.note(audit.Kind.EXPORT, user, f"{entity.plural}: {options['filter']}", entity=entity.key)
            self.write(options["file"], chain([first], pieces))

    def write(self, name: str, pieces: Iterable[str]) -> None:
        """Write the lines to a file or to the standard output."""
        if name == "-":
            for piece in pieces:
                self.stdout.write(piece, ending="")
            return
        with Path(name).open("w", encoding="utf-8", newline="") as out:
            out.writelines(pieces)
