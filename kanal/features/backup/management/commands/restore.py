"""`kanal restore FILE`: restore a backup into an empty installation."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from kanal.core import audit
from kanal.core.actor import command_line
from kanal.features.backup.progress import Teller
from kanal.features.backup.restore import restore
from kanal.kit.errors import Refused


class Command(BaseCommand):
    """Restore a backup."""

    help = "Restore a backup into an empty installation, while Kanal is stopped."
    requires_system_checks: list[str] = []
    requires_migrations_checks = False

    def add_arguments(self, parser: CommandParser) -> None:
        """Add the file name."""
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument("--replace", action="store_true", help="discard existing data")

    def handle(self, *args: Any, **options: Any) -> None:
        """Restore the backup and print a summary."""
        path, teller = options["file"].absolute(), Teller(self.stdout, options["verbosity"])
        if not path.is_file():
            raise CommandError(f"There is no file {path}.")
        try:
            manifest = restore(path, replace=options["replace"], tell=teller)
        except Refused as problem:
            raise CommandError(str(problem)) from problem
        except OSError as problem:
            raise CommandError(
                f"It can't be restored ({problem.strerror or problem}); nothing was changed."
            ) from problem
        text = f"{path.name}, {manifest['made_at']}"
        audit.note(audit.Kind.BACKUP, command_line(), _("Restored: %(what)s") % {"what": text})
        rows = sum(manifest["counts"].values())
        teller.end(f"Restored as of {manifest['made_at']}: {rows:,} rows, {manifest['files']['count']:,} files.")
