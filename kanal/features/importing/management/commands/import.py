"""`kanal import TYPE FILE --user NAME`: import a file with the same engine as the page (IMP-1)."""
# ruff: noqa: N999

import csv
from pathlib import Path
from typing import Any

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError, CommandParser

from kanal.core import access, registry
from kanal.core.actor import ChangeSource
from kanal.core.context import Context
from kanal.features.importing import mapping, saving, setup
from kanal.features.importing.dry_run import dry_run_file
from kanal.features.importing.models import Import
from kanal.features.importing.runner import run_all
from kanal.features.importing.survey import FORMATS, Survey, open_questions
from kanal.features.importing.undoing import undo
from kanal.kit.errors import KanalError
from kanal.kit.text import csv_safe

UNKNOWN = ("refuse", "leave", "make")


class Command(BaseCommand):
    """Import a file."""

    help = "Import a CSV, XLSX or vCard file into a record type, with the permissions of a user."

    def add_arguments(self, parser: CommandParser) -> None:
        """Add the type, the file and its options."""
        parser.add_argument("type", help="a record type, such as contacts")
        parser.add_argument("file", help="the file; with --undo, the number of an import")
        parser.add_argument("--user", required=True, help="the user whose permissions, time zone and language apply")
        parser.add_argument("--mapping", default="", help="the name of a saved mapping")
        parser.add_argument("--map", action="append", default=[], metavar="HEAD=FIELD", help="a column and its field")
        parser.add_argument("--set", action="append", default=[], metavar="FIELD=VALUE", help="a value for all rows")
        parser.add_argument("--format", action="append", default=[], metavar="FIELD.FORMAT=VALUE", help="how to read")
        parser.add_argument("--match", default=None, help="the field to find existing records by")
        parser.add_argument("--mode", choices=Import.Mode.values, default=None, help="what to do with existing records")
        parser.add_argument(
            "--unknown", choices=UNKNOWN, default="refuse", help="what to do with unknown names and words"
        )
        parser.add_argument("--clear", action="store_true", help="empty cells clear the field")
        parser.add_argument("--refused", default="", metavar="FILE", help="write rejected rows to a file")
        parser.add_argument(
            "--try", action="store_true", dest="tries", help="preview the import without saving anything"
        )
        parser.add_argument("--undo", action="store_true", help="undo the import with this number")

    def handle(self, *args: Any, **options: Any) -> None:
        """Run, dry-run or undo an import."""
        user = get_user_model()._default_manager.filter(username__iexact=options["user"]).first()
        if user is None:
            raise CommandError(f"There is no user “{options['user']}”.")
        entity = registry.find(options["type"])
        if entity is None or not entity.is_importable:
            raise CommandError(f"There is nothing to import into “{options['type']}”.")
        with Context.of(user, ChangeSource.IMPORT).active():
            if not access.has_permission(user, entity, "import"):
                raise CommandError(f"{user} may not import {entity.plural}.")
            try:
                self.undone(user, options) if options["undo"] else self.imported(user, entity.key, options)
            except KanalError as problem:
                raise CommandError(str(problem)) from None

    def undone(self, user: Any, options: dict[str, Any]) -> None:
        """Undo an import."""
        number = options["file"]
        run = Import.objects.filter(
            pk=int(number) if number.isdigit() else 0, user=user, entity=options["type"]
        ).first()
        if run is None:
            raise CommandError(f"There is no import {number} of {options['type']} by this user.")
        kept = undo(run)
        self.stdout.write(f"Undone: {run.undone} records are as they were before, {len(kept)} stay.")
        for key, pk, reason in kept:
            self.stdout.write(f"{key} {pk}: {reason}")

    def imported(self, user: Any, entity: str, options: dict[str, Any]) -> None:
        """Configure the import, then dry-run or run it."""
        path = Path(options["file"])
        run = Import(entity=entity, user=user, name=path.name[:200], content=path.read_bytes())
        setup.configure_import(run)
        choose(run, options)
        run.save()  # direct write: not a record
        if asked := open_questions(Survey.of(run.survey), run.formats):
            said = ", ".join(f"--format {key}.{name}={'|'.join(FORMATS[name])}" for key, name in asked)
            raise CommandError(f"The values of these columns are ambiguous; choose: {said}")
        if options["tries"]:
            trial = dry_run_file(run)
            counts = trial.as_json()["counts"] if trial else {}
        else:
            run_all(run)
            counts = {name: getattr(run, name) for name in ("created", "updated", "unchanged", "skipped")}
        self.told(run, counts, options)

    def told(self, run: Import, counts: dict[str, int], options: dict[str, Any]) -> None:
        """Print the outcomes of the rows, and write the refused ones to their file."""
        refused = list(run.refusals.all())
        said = ", ".join(f"{count} {name}" for name, count in counts.items())
        self.stdout.write(f"{'Trial' if options['tries'] else f'Import {run.pk}'}: {said}, {len(refused)} refused.")
        for row in refused[:20]:
            self.stderr.write(f"Line {row.line}: {row.reason}")
        if options["refused"] and refused:
            with Path(options["refused"]).open("w", encoding="utf-8-sig", newline="") as out:
                writer = csv.writer(out)
                writer.writerow(map(csv_safe, [*setup.import_table(run).heads, "Line", "Reason"]))
                writer.writerows(
                    [csv_safe(cell) for cell in [*row.cells, str(row.line), row.reason]] for row in refused
                )


def choose(run: Import, options: dict[str, Any]) -> None:
    """Apply the options to an import."""
    offered = mapping.targets(run.user, registry.get(run.entity))
    if name := options["mapping"]:
        saved = next(
            (candidate for candidate in saving.visible_mappings(run.user, run.entity) if candidate.name == name), None
        )
        if saved is None:
            raise CommandError(f"There is no saved mapping “{name}”.")
        saving.apply(run, saved, offered)
    run.formats |= formats_of(options["format"], run)
    wanted = {**run.mapping, **pairs(options["map"])}
    for key in wanted.values():
        if key and key not in offered:
            raise CommandError(f"There is no field “{key}”. There are: {', '.join(offered)}.")
    match = run.match if options["match"] is None else options["match"]
    setup.choose(run, wanted, match, options["mode"] or run.mode)
    fields = setup.fixable(run)
    values = {
        key: [text] if key in fields and fields[key].type.category in ("relations", "choices") else text
        for key, text in pairs(options["set"]).items()
    }
    setup.fix(run, {**run.fixed, **values})
    run.clears = run.clears or options["clear"]
    setup.look(run)
    if options["unknown"] != "refuse":
        run.unknown = {key: {"*": {"do": options["unknown"]}} for key in Survey.of(run.survey).words} | run.unknown


def pairs(texts: list[str]) -> dict[str, str]:
    """Parse NAME=VALUE options."""
    values_by_name = {}
    for text in texts:
        name, equals, value = text.partition("=")
        if not equals:
            raise CommandError(f"Write NAME=VALUE instead of “{text}”.")
        values_by_name[name.strip()] = value.strip()
    return values_by_name


def formats_of(texts: list[str], run: Import) -> dict[str, dict[str, str]]:
    """Return the formats of columns by field."""
    formats = {key: dict(forms) for key, forms in run.formats.items()}
    for name, value in pairs(texts).items():
        key, _point, form = name.rpartition(".")
        if value not in FORMATS.get(form, ()):
            raise CommandError(f"“{name}={value}” is no format: {', '.join(FORMATS)} are.")
        formats.setdefault(key, {})[form] = value
    return formats
