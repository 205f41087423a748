"""Import rows through the write path in batches, and record each as done."""

from collections.abc import Callable, Iterator, Sequence
from itertools import islice

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from kanal.core import access, audit
from kanal.core.locks import hold
from kanal.features.importing import reading
from kanal.features.importing.batch import Cells, Row, Work, import_piece
from kanal.features.importing.layout import Layout, Table, spelled
from kanal.features.importing.making import make_missing
from kanal.features.importing.models import Batch, Import, Refusal
from kanal.features.importing.survey import Survey, open_questions
from kanal.kit.errors import Invalid, Withdrawn

PIECE = 500
Step = Callable[[int], bool]
OUTCOMES = ("created", "updated", "unchanged", "skipped")


def read_import_table(run: Import) -> Table:
    """Return the table of an import's file in its stored layout."""
    return reading.read_table(bytes(run.content), run.name, Layout.of(run.layout))


def count_rows(run: Import) -> int:
    """Return the number of rows in an import's file."""
    return sum(1 for _row in read_import_table(run).rows)


def check_ready(run: Import) -> None:
    """Raise Invalid if a choice is missing that must not be guessed."""
    asked = open_questions(Survey.of(run.survey), run.formats) if run.survey else []
    if asked:
        raise Invalid(_("Choose how to read the marked columns: their values are ambiguous."))


def run_all(run: Import, step: Step | None = None) -> None:
    """Import all remaining rows by batch. A batch and its record are one transaction."""
    check_ready(run)
    table = read_import_table(run)
    if not prepare(run):
        return
    work = Work.of(run, table)
    for place, piece in enumerate(pieces(table.rows, run.done)):
        if place and access.refresh_user(run.user):
            work = renewed(work)
        with transaction.atomic():
            if not is_ours(run):
                return
            record_result(run, import_piece(work, piece))
            run.done += len(piece)
            run.save(update_fields=["done", *OUTCOMES])  # direct write: not a record
        if step and not step(run.done):
            return
    counts = {"created": run.created, "updated": run.updated, "skipped": run.skipped, "name": run.name}
    text = _("%(name)s: %(created)s created, %(updated)s changed, %(skipped)s skipped") % counts
    audit.note(audit.Kind.IMPORT, run.user, text, entity=run.entity)
    run.finished_at = timezone.now()
    run.save(update_fields=["finished_at"])  # direct write: not a record


@transaction.atomic
def prepare(run: Import) -> bool:
    """Create missing options and records before the first row. Return whether the import is still at the same row.

    Of two workers, the second one waits and then reads what the first one created.
    """
    if not is_ours(run):
        return False
    run.refresh_from_db(fields=["unknown"])
    if not run.done:
        run.refusals.all().delete()  # direct write: those of a trial
    make_missing(run)
    return True


def renewed(work: Work) -> Work:
    """Prepare the rest of an import with current permissions. Raise Withdrawn if they no longer suffice."""
    if not access.has_permission(work.run.user, work.entity, "import"):
        raise Withdrawn(_("The permission to import was revoked, so the rest of the file was not imported."))
    now = Work.of(work.run, work.table)
    lost = [str(work.fields[key].label) for key in work.reader.places if key in work.fields.keys() - now.fields.keys()]
    if lost:
        text = _("%(fields)s can no longer be written, so the rest of the file was not imported.")
        raise Withdrawn(text % {"fields": ", ".join(lost)})
    return now


def is_ours(run: Import) -> bool:
    """Lock the import and all imports of its type. Return whether no other process has continued it.

    Two imports of one type alternate by batch: each finds records that the other created by their key.
    """
    hold(f"import:{run.entity}")
    return Import.objects.select_for_update().filter(pk=run.pk, done=run.done).exists()


def pieces(rows: Iterator[Cells], done: int, size: int = 0) -> Iterator[list[Cells]]:
    """Split the remaining rows into batches of `size`, by default the size of a transaction."""
    rest = islice(rows, done, None)
    while piece := list(islice(rest, size or PIECE)):
        yield piece


def keep_refused(run: Import, rows: Sequence[Row]) -> None:
    """Store refused rows with their reasons, without the markers within spreadsheet numbers."""
    refused = [
        Refusal(run=run, line=row.line, cells=[spelled(cell, "money") for cell in row.cells], reason=row.reason)
        for row in rows
    ]
    Refusal.objects.bulk_create(refused, batch_size=PIECE)  # direct write: not a record


def record_result(run: Import, rows: Sequence[Row]) -> None:
    """Store the counts, the refused rows with their reasons, and the previous values of the others."""
    keep_refused(run, [row for row in rows if row.reason])
    for row in rows:
        if not row.reason:
            setattr(run, row.outcome, getattr(run, row.outcome) + 1)
    made = [[run.entity, row.pk, row.revision] for row in rows if row.outcome == "created" and row.pk]
    changed = {
        str(row.pk): {"revision": row.revision, "before": {key: old for key, (old, _new) in row.changes.items()}}
        for row in rows
        if row.outcome == "updated" and row.pk and row.changes
    }
    if made or changed:
        Batch.objects.create(run=run, made=made, changed=changed)  # direct write: not a record
