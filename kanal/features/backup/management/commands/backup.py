"""`kanal backup FILE`: write the database and the stored files to one file while Kanal is running."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from kanal.core.actor import command_line
from kanal.features.backup import schedule
from kanal.features.backup.progress import Teller, size_in_words
from kanal.kit.errors import Refused


class Command(BaseCommand):
    """Make a backup."""

    help = "Back up the database and the stored files to one file, while Kanal is running."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Add the file name."""
        parser.add_argument(
            "file", nargs="?", type=Path, metavar="FILE", help="default: a new file in KANAL_BACKUP_DIR"
        )
        parser.add_argument("--force", action="store_true", help="replace an existing file")

    def handle(self, *args: Any, **options: Any) -> None:
        """Write the backup and print a summary."""
        wanted = options["file"] or schedule.new_path()
        if wanted is None:
            raise CommandError("Name a file, as in `kanal backup kanal.backup`, or set KANAL_BACKUP_DIR.")
        path: Path = schedule.path_in(wanted) if wanted.is_dir() else wanted.absolute()
        if path.exists() and not options["force"]:
            raise CommandError(f"{path} is there already: choose another name, or add --force.")
        if not path.parent.is_dir():
            raise CommandError(f"There is no folder {path.parent}.")
        teller = Teller(self.stdout, options["verbosity"])
        try:
            manifest = schedule.make_backup(path, teller, by=command_line())
        except Refused as problem:
            raise CommandError(str(problem)) from problem
        except OSError as problem:
            raise CommandError(f"{path} can't be written ({problem.strerror or problem}).") from problem
        files, rows = manifest["files"], sum(manifest["counts"].values())
        teller.end(f"{path}: {size_in_words(path.stat().st_size)}, {rows:,} rows, {files['count']:,} files.")
        if files["lost_count"]:
            self.stderr.write(f"{files['lost_count']} files are missing in the storage: {files['lost'][0]} and others.")
