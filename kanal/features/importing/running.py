"""Imports rows through the pen: tried first without a trace, then for good in pieces, each remembered as done."""

from collections.abc import Callable, Iterator, Sequence
from itertools import islice

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from kanal.core import audit
from kanal.core.locks import hold
from kanal.features.importing import reading
from kanal.features.importing.models import Import, Refusal
from kanal.features.importing.pieces import Row, Work, import_piece

PIECE = 500
TRIED = 200
Step = Callable[[int], bool]


class Tried(Exception):
    """Take back what was only tried."""


def try_out(run: Import) -> tuple[dict[str, int], list[tuple[int, str]]]:
    """Import the first rows without a trace; give what came of them, and the lines that were refused."""
    table = reading.read(bytes(run.content), run.name)
    work, counts, refused = Work.of(run, table.heads), {"created": 0, "updated": 0, "skipped": 0}, []
    try:
        with transaction.atomic():
            for row in import_piece(work, list(islice(table.rows, TRIED))):
                if row.reason:
                    refused.append((row.line, row.reason))
                else:
                    counts[row.outcome] += 1
            raise Tried
    except Tried:
        return counts, refused


def count_rows(run: Import) -> int:
    """Count the rows of an import's file."""
    return sum(1 for _row in reading.read(bytes(run.content), run.name).rows)


def run_all(run: Import, step: Step | None = None) -> None:
    """Import all rows that are not done yet, piece by piece; a piece and the note of it are one transaction."""
    table = reading.read(bytes(run.content), run.name)
    work = Work.of(run, table.heads)
    for piece in pieces(table.rows, run.done):
        with transaction.atomic():
            if not is_ours(run):
                return
            note(run, import_piece(work, piece))
            run.done += len(piece)
            run.save(update_fields=["done", "created", "updated", "skipped"])  # pen: no record
        if step and not step(run.done):
            return
    counts = {"created": run.created, "updated": run.updated, "skipped": run.skipped, "name": run.name}
    text = _("%(name)s: %(created)s made, %(updated)s changed, %(skipped)s passed over") % counts
    audit.note(audit.Kind.IMPORT, run.user, text, entity=run.entity)
    run.finished_at = timezone.now()
    run.save(update_fields=["finished_at"])  # pen: no record


def is_ours(run: Import) -> bool:
    """Lock the import, and all imports of its type; tell whether nobody else has gone on with it meanwhile.

    Two imports of one type take turns piece by piece: each finds the records by their key that the other made.
    """
    hold(f"import:{run.entity}")
    return Import.objects.select_for_update().filter(pk=run.pk, done=run.done).exists()


def pieces(rows: Iterator[tuple[int, list[str]]], done: int) -> Iterator[list[tuple[int, list[str]]]]:
    """Cut the rows that are not done into pieces."""
    rest = islice(rows, done, None)
    while piece := list(islice(rest, PIECE)):
        yield piece


def note(run: Import, rows: Sequence[Row]) -> None:
    """Count what was done, and keep the rows that were refused with the reason."""
    refused = [Refusal(run=run, line=row.line, cells=row.cells, reason=row.reason) for row in rows if row.reason]
    Refusal.objects.bulk_create(refused)  # pen: no record
    for row in rows:
        if not row.reason:
            setattr(run, row.outcome, getattr(run, row.outcome) + 1)
