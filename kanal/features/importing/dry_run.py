"""Tries an import without a trace: what would become of each row of the whole file, and which ones would be refused."""

from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import nullcontext
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from django.db import transaction

from kanal.features.importing.batch import Cells, Row, Work, import_piece, own_relations
from kanal.features.importing.making import make_missing
from kanal.features.importing.models import Import
from kanal.features.importing.runner import OUTCOMES, PIECE, Step, check_ready, keep_refused, pieces, table_of

SHOWN = 20
NAMED = 5
_WHOLE = 1_000_000
# What a trial depends on: one of another set-up says nothing.
SETUP = ("layout", "mapping", "formats", "fixed", "unknown", "match", "mode", "clears")


class Undone(Exception):
    """Take back what was only tried."""


@dataclass
class Trial:
    """What came of rows when they were tried: all counted, refused ones and the first `most` of each outcome kept."""

    most: int = SHOWN
    counts: Counter[str] = field(default_factory=Counter)
    rows: list[Row] = field(default_factory=list)
    refused: list[Row] = field(default_factory=list)

    def add(self, rows: list[Row]) -> None:
        """Count rows, and keep the first of each kind."""
        for row in rows:
            outcome = "refused" if row.reason else row.outcome
            self.counts[outcome] += 1
            if row.reason:
                self.refused.append(row)
            elif self.counts[outcome] <= self.most:
                self.rows.append(row)

    def as_json(self) -> dict[str, Any]:
        """Return what JSON holds."""
        return {
            "total": self.counts.total(),
            "counts": {name: self.counts[name] for name in OUTCOMES},
            "refused_count": len(self.refused),
            "refused": grouped((row.line, row.reason) for row in self.refused)[:SHOWN],
            "changed": [(row.line, row.pk, row.changes) for row in self.rows if row.changes],
            "made": [(row.line, row.values) for row in self.rows if row.outcome == "created"][:5],
        }


def grouped(refused: Iterable[tuple[int, str]]) -> list[tuple[list[int], int, str]]:
    """Return each reason once, the most frequent first, with the first lines that it holds for and their number."""
    lines: dict[str, list[int]] = {}
    for line, reason in refused:
        lines.setdefault(reason, []).append(line)
    ranked = sorted(lines.items(), key=lambda item: -len(item[1]))
    return [(numbers[:NAMED], len(numbers) - NAMED, reason) for reason, numbers in ranked]


def dry_run_file(run: Import, step: Step | None = None) -> Trial | None:
    """Try all rows and keep what came of it, unless the import has gone on meanwhile or the work is stopped.

    Pieces are tried one after another and taken back, so that nobody waits long for a record that one of them touches.
    """
    check_ready(run)
    trial = Trial()
    for rows in tried(run):
        trial.add(rows)
        if step and not step(trial.counts.total()):
            return None
    return trial if keep(run, trial) else None


def dry_run_sample(run: Import, most: int = PIECE) -> Trial:
    """Return what would come of the first rows, and keep nothing of it."""
    trial = Trial(most)
    for rows in tried(run, most):
        trial.add(rows)
    return trial


def tried(run: Import, most: int | None = None) -> Iterator[list[Row]]:
    """Yield the rows of an import piece by piece, each taken back; a row sees those before it by their keys."""
    table, chosen = table_of(run), run.unknown
    makes = any(word.get("do") == "make" for words in chosen.values() for word in words.values())
    known: set[str] = set()
    try:
        with transaction.atomic() if makes else nullcontext():
            if makes:
                make_missing(run)
            work = Work.of(run, table)
            size = _WHOLE if own_relations(work) else PIECE
            for piece in pieces(islice(table.rows, most), 0, size):
                yield recalled(work, taken_back(work, piece), known)
            if makes:
                raise Undone
    except Undone:
        pass
    finally:
        run.unknown = chosen


def taken_back(work: Work, piece: list[Cells]) -> list[Row]:
    """Import a piece, and take it back."""
    rows: list[Row] = []
    try:
        with transaction.atomic():
            rows = import_piece(work, piece)
            raise Undone
    except Undone:
        return rows


def recalled(work: Work, rows: list[Row], known: set[str]) -> list[Row]:
    """Return rows of which those are no new ones whose key an earlier piece made; note the keys of this one."""
    again = {Import.Mode.UPDATE: "updated", Import.Mode.SKIP: "skipped"}
    for row in rows:
        if row.outcome == "created" and row.key is not None:
            if repr(row.key) in known:
                row.outcome = again[Import.Mode(work.run.mode)]
            known.add(repr(row.key))
    return rows


@transaction.atomic
def keep(run: Import, trial: Trial) -> bool:
    """Store what came of a trial and the refused rows; return whether the import was still as it was tried."""
    now = Import.objects.select_for_update().filter(pk=run.pk, done=0, progress=None, finished_at=None).first()
    if now is None or any(getattr(now, name) != getattr(run, name) for name in SETUP):
        return False
    forget(run)
    keep_refused(run, trial.refused)
    run.trial = trial.as_json()
    run.save(update_fields=["trial"])  # direct write: no record
    return True


def forget(run: Import) -> None:
    """Forget the trial of another set-up."""
    run.refusals.all().delete()  # direct write: no record
    run.trial = {}
