"""Dry run of an import: the outcome of each row of the whole file, without changing anything."""

from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import nullcontext
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction

from kanal.features.importing.batch import Cells, Row, Work, import_piece, own_relations
from kanal.features.importing.making import make_missing
from kanal.features.importing.models import Import
from kanal.features.importing.runner import OUTCOMES, PIECE, Step, check_ready, keep_refused, pieces, read_import_table

SHOWN = 20
NAMED = 5
_WHOLE = 1_000_000
# What a dry run depends on. Its results are invalid after a change.
SETUP = ("layout", "mapping", "formats", "fixed", "unknown", "match", "mode", "clears")


class Undone(Exception):
    """Roll back a dry run."""


@dataclass
class Trial:
    """The outcomes of a dry run: the counts of all rows, refused ones and the first few of each outcome."""

    counts: Counter[str] = field(default_factory=Counter)
    rows: list[Row] = field(default_factory=list)
    refused: list[Row] = field(default_factory=list)

    def add(self, rows: list[Row]) -> None:
        """Count rows, and store the first of each outcome."""
        for row in rows:
            outcome = "refused" if row.reason else row.outcome
            self.counts[outcome] += 1
            if row.reason:
                self.refused.append(row)
            elif self.counts[outcome] <= SHOWN:
                self.rows.append(row)

    def as_json(self) -> dict[str, Any]:
        """Return the dry run as JSON values."""
        return {
            "total": self.counts.total(),
            "counts": {name: self.counts[name] for name in OUTCOMES},
            "refused_count": len(self.refused),
            "refused": grouped((row.line, row.reason) for row in self.refused)[:SHOWN],
            "changed": [(row.line, row.pk, row.changes) for row in self.rows if row.changes],
            "made": [(row.line, row.values) for row in self.rows if row.outcome == "created"][:5],
        }


def grouped(refused: Iterable[tuple[int, str]]) -> list[tuple[list[int], int, str]]:
    """Return each reason once, most frequent first, with its first lines and number of rows."""
    lines: dict[str, list[int]] = {}
    for line, reason in refused:
        lines.setdefault(reason, []).append(line)
    ranked = sorted(lines.items(), key=lambda item: -len(item[1]))
    return [(numbers[:NAMED], len(numbers) - NAMED, reason) for reason, numbers in ranked]


def dry_run_file(run: Import, step: Step | None = None) -> Trial | None:
    """Dry-run all rows and store the result, unless the import has continued or the job is stopped.

    Batches run one by one and are rolled back, so that locks on records are short.
    """
    check_ready(run)
    trial = Trial()
    for rows in tried(run):
        trial.add(rows)
        if step and not step(trial.counts.total()):
            return None
    return trial if store_trial(run, trial) else None


def tried(run: Import) -> Iterator[list[Row]]:
    """Yield the rows of an import by batch, each rolled back. Rows see those before them by their keys."""
    table, chosen = read_import_table(run), run.unknown
    makes = any(word.get("do") == "make" for words in chosen.values() for word in words.values())
    known: set[str] = set()
    try:
        with transaction.atomic() if makes else nullcontext():
            if makes:
                make_missing(run)
            work = Work.of(run, table)
            size = _WHOLE if own_relations(work) else PIECE
            for piece in pieces(table.rows, 0, size):
                yield recalled(work, taken_back(work, piece), known)
            if makes:
                raise Undone
    except Undone:
        pass
    finally:
        run.unknown = chosen


def taken_back(work: Work, piece: list[Cells]) -> list[Row]:
    """Import a batch and roll it back."""
    rows: list[Row] = []
    try:
        with transaction.atomic():
            rows = import_piece(work, piece)
            raise Undone
    except Undone:
        return rows


def recalled(work: Work, rows: list[Row], known: set[str]) -> list[Row]:
    """Return rows without new ones whose key an earlier batch created, and add the keys of this batch."""
    again = {Import.Mode.UPDATE: "updated", Import.Mode.SKIP: "skipped"}
    for row in rows:
        if row.outcome == "created" and row.key is not None:
            if repr(row.key) in known:
                row.outcome = again[Import.Mode(work.run.mode)]
            known.add(repr(row.key))
    return rows


@transaction.atomic
def store_trial(run: Import, trial: Trial) -> bool:
    """Store the outcome of a dry run and the refused rows. Return whether the import was unchanged."""
    now = Import.objects.select_for_update().filter(pk=run.pk, done=0, progress=None, finished_at=None).first()
    if now is None or any(getattr(now, name) != getattr(run, name) for name in SETUP):
        return False
    forget(run)
    keep_refused(run, trial.refused)
    run.trial = trial.as_json()
    run.save(update_fields=["trial"])  # direct write: not a record
    return True


def forget(run: Import) -> None:
    """Delete the outdated dry run."""
    run.refusals.all().delete()  # direct write: not a record
    run.trial = {}
