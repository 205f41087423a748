"""Imports rows through the pen: tried first without a trace, then for good in pieces, each remembered as done."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from kanal.core import access, registry, writes
from kanal.core.actor import Actor, Means
from kanal.core.entity import Entity
from kanal.core.fields import Cleaning, Field
from kanal.core.locks import hold
from kanal.features.importing import mapping, reading
from kanal.features.importing.models import Import, Refusal
from kanal.kit.errors import Invalid, KanalError

PIECE = 200
TRIED = 200
Step = Callable[[int], bool]


@dataclass
class Work:
    """What all rows of an import share."""

    run: Import
    entity: Entity
    fields: dict[str, Field]
    heads: list[str]
    by: Actor
    seen: Cleaning

    @classmethod
    def of(cls, run: Import, heads: list[str]) -> "Work":
        """Prepare an import."""
        entity = registry.get(run.entity)
        by = Actor(run.user, Means.IMPORT)
        fields = access.writable_fields(run.user, entity)
        return cls(run, entity, fields, heads, by, Cleaning(user=run.user))


class Tried(Exception):
    """Take back what was only tried."""


def try_out(run: Import) -> tuple[dict[str, int], list[tuple[int, str]]]:
    """Import the first rows without a trace; give what came of them, and the lines that were refused."""
    table = reading.read(bytes(run.content), run.name)
    work, counts, refused = Work.of(run, table.heads), {"created": 0, "updated": 0, "skipped": 0}, []
    try:
        with transaction.atomic():
            for line, cells in islice(table.rows, TRIED):
                outcome, reason = one_row(work, cells)
                if reason:
                    refused.append((line, reason))
                else:
                    counts[outcome] += 1
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
            for line, cells in piece:
                settle(work, line, cells)
            run.done += len(piece)
            run.save(update_fields=["done", "created", "updated", "skipped"])  # pen: no record
        if step and not step(run.done):
            return
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


def settle(work: Work, line: int, cells: list[str]) -> None:
    """Import a row for good, or keep it with the reason why not."""
    outcome, reason = one_row(work, cells)
    if reason:
        Refusal.objects.create(run=work.run, line=line, cells=cells, reason=reason)  # pen: no record
    else:
        setattr(work.run, outcome, getattr(work.run, outcome) + 1)


def one_row(work: Work, cells: list[str]) -> tuple[str, str]:
    """Create, update or skip one record; give what was done, or the reason of a refusal."""
    named = dict(zip(work.heads, cells, strict=True))
    try:
        with transaction.atomic():
            found = existing(work, named)
            if found is not None and work.run.mode == Import.Mode.SKIP:
                return "skipped", ""
            values = mapping.values_of(named, work.run.mapping, work.fields, work.run.user, work.seen)
            if found is None:
                filled = {key: value for key, value in values.items() if value not in (None, "", [])}
                writes.create(work.entity, filled, by=work.by, seen=work.seen)
                return "created", ""
            writes.change(found, values, by=work.by, seen=work.seen)
            return "updated", ""
    except Invalid as problem:
        return "", told(work, problem)
    except (KanalError, ValueError) as problem:
        return "", str(problem)


def told(work: Work, problem: Invalid) -> str:
    """Say what is wrong, field by field, by their labels."""
    parts = []
    for key, messages in problem.errors.items():
        label = f"{work.fields[key].label}: " if key in work.fields else ""
        parts.append(label + " ".join(str(message) for message in messages))
    return " ".join(parts)


def existing(work: Work, named: dict[str, str]) -> Any:
    """Find the record that a row is about, by the chosen key; raise Invalid where several have it."""
    key = work.run.match
    head = next((head for head, target in work.run.mapping.items() if target == key), "")
    text = named.get(head, "").strip()
    if not key or not text or work.run.mode == Import.Mode.CREATE:
        return None
    records = access.visible_to(work.run.user, work.entity)
    if key == "id":
        return by_id(records, text)
    field = work.fields[key]
    value = field.clean(mapping.one(field, text, work.run.user, work.seen), work.seen)
    rows = list(
        records.filter(**{f"custom__{field.name}": field.dump(value)} if field.is_custom else {field.column: value})[:2]
    )
    if len(rows) > 1:
        raise Invalid.on(key, _("Several records have this value."))
    return rows[0] if rows else None


def by_id(records: Any, text: str) -> Any:
    """Find a record by its id; raise Invalid where there is none."""
    text = text.removeprefix("#")
    row = records.filter(pk=int(text)).first() if text.isascii() and text.isdigit() and len(text) < 19 else None
    if row is None:
        raise Invalid(_("There is no record with this id."))
    return row
