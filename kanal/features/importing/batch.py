"""Batches of rows, imported together: matched, read, created and updated with few statements.

The result of each row is the same as if imported alone: a row that repeats a key, or references a record of the
imported type, is read after the rows before it are stored.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from kanal.core import access, registry, writes
from kanal.core.actor import Actor, ChangeSource
from kanal.core.context import Context
from kanal.core.entity import Entity
from kanal.core.fields import CleanContext, Field
from kanal.features.importing import mapping, naming
from kanal.features.importing.journal import Snapshot, differences, snapshots
from kanal.features.importing.layout import Table
from kanal.features.importing.models import Import
from kanal.features.importing.presets import preset_of
from kanal.features.importing.survey import Survey, chosen_formats
from kanal.features.importing.values import Reader
from kanal.kit.errors import Invalid, KanalError, NotAllowed
from kanal.kit.reading.ids import id_of

Cells = tuple[int, list[str]]


@dataclass
class Work:
    """State shared by all rows of an import."""

    run: Import
    entity: Entity
    fields: dict[str, Field]
    table: Table
    reader: Reader
    by: Actor
    context: CleanContext

    @classmethod
    def of(cls, run: Import, table: Table) -> "Work":
        """Prepare an import."""
        entity = registry.get(run.entity)
        fields = access.FieldContext(run.user, entity).writable
        context = access.clean_context(run.user)
        zone = Context.of(run.user, ChangeSource.IMPORT).tzinfo
        formats = chosen_formats(Survey.of(run.survey), run.formats) if run.survey else run.formats
        columns = mapping.places(table.heads, run.mapping)
        reader = Reader(
            fields, columns, run.user, zone, formats, run.fixed, run.unknown, context, presets_of(run, fields)
        )
        return cls(run, entity, fields, table, reader, Actor(run.user, ChangeSource.IMPORT), context)


def presets_of(run: Import, fields: dict[str, Field]) -> frozenset[str]:
    """Return the required choices that were left at their default. These apply to new records only."""
    return frozenset(
        key
        for key, value in run.fixed.items()
        if key in fields and fields[key].required and value == preset_of(fields[key])
    )


@dataclass
class Row:
    """A row in progress: its key if any, and its outcome, or the reason for its refusal."""

    line: int
    cells: list[str]
    key: Any = None
    outcome: str = ""
    reason: str = ""
    values: dict[str, Any] = field(default_factory=dict)
    pk: int | None = None
    revision: int = 0
    changes: dict[str, tuple[Any, Any]] = field(default_factory=dict)


def import_piece(work: Work, piece: Sequence[Cells]) -> list[Row]:
    """Create, update or skip the records of some rows. Return the rows with their outcomes."""
    done: list[Row] = []
    for rows in runs(work, [read_row_key(work, line, cells) for line, cells in piece]):
        import_run(work, rows)
        done += rows
    return done


def read_row_key(work: Work, line: int, cells: list[str]) -> Row:
    """Parse the key of a row. An invalid key is the reason for its refusal."""
    row = Row(line, cells, reason=work.table.problems.get(line, ""))
    key = work.run.match
    text = work.reader.text(key, cells) if key else ""
    if row.reason or not text or work.run.mode == Import.Mode.CREATE:
        return row
    if key == "id":
        row.key = str(naming.id_in(text)) if naming.is_id(text) else text
        return row
    try:
        row.key = work.fields[key].clean(work.reader.value(key, text, cells), work.context)
    except (KanalError, ValueError) as problem:
        row.reason = f"{work.fields[key].label}: {problem}"
    return row


def runs(work: Work, rows: Sequence[Row]) -> Iterator[list[Row]]:
    """Split rows where one depends on the outcome of those before it."""
    current: list[Row] = []
    keys: set[str] = set()
    own = own_relations(work)
    for row in rows:
        if current and (repr(row.key) in keys or any(work.reader.text(key, row.cells) for key in own)):
            yield current
            current, keys = [], set()
            forget_names(work, own)
        current.append(row)
        keys |= {repr(row.key)} if row.key is not None else set()
    if current:
        yield current


def own_relations(work: Work) -> list[str]:
    """Return the columns whose cells reference records of the imported type."""
    return [key for key, field in work.fields.items() if field.target == work.entity.key and key in work.reader.places]


def forget_names(work: Work, own: Sequence[str]) -> None:
    """Clear the cached names of the imported type, since earlier rows may have created records."""
    if own:
        known = naming.record_names(work.context)
        for name in [name for name in known if name[0] == work.entity.key]:
            del known[name]


def import_run(work: Work, rows: Sequence[Row]) -> None:
    """Import rows that don't depend on each other."""
    look_up_names(work, rows)
    ids_by_key = matches(work, [row.key for row in rows if row.key is not None and not row.reason])
    new: list[Row] = []
    changed: dict[int, Row] = {}
    for row in rows:
        if row.reason:
            continue
        try:
            pk = match_of(work, row, ids_by_key)
            if pk is not None and work.run.mode == Import.Mode.SKIP:
                row.outcome = "skipped"
                continue
            row.values = work.reader.values(row.cells)
            if pk is not None:
                row.values = work.reader.without_presets(row.values, row.cells)
        except (KanalError, ValueError) as problem:
            row.reason = error_messages(work, problem)
            continue
        if pk is None:
            new.append(row)
        else:
            changed[pk] = row
    create_records(work, new)
    change_records(work, changed)


def look_up_names(work: Work, rows: Sequence[Row]) -> None:
    """Look up the records that cells name with one query per column."""
    for key in work.reader.places:
        relation = work.fields.get(key)
        if relation is not None and relation.type.category == "relation":
            naming.look_up(relation, {work.reader.text(key, row.cells) for row in rows}, work.run.user, work.context)


def matches(work: Work, keys: list[Any]) -> dict[str, list[int]]:
    """Return the visible records that have one of the keys."""
    ids_by_key: dict[str, list[int]] = {repr(key): [] for key in keys}
    if not keys:
        return ids_by_key
    records = access.visible_to(work.run.user, work.entity)
    if work.run.match == "id":
        ids = [int(key) for key in keys if is_number(key)]
        known = set(records.filter(pk__in=ids).values_list("pk", flat=True))
        return {repr(key): [int(key)] if is_number(key) and int(key) in known else [] for key in keys}
    field = work.fields[work.run.match]
    column = f"custom__{field.name}" if field.is_custom else field.column
    for key in keys:
        if field.type.category != "text":
            wanted = field.dump(key) if field.is_custom else key
            ids_by_key[repr(key)] = list(records.filter(**{column: wanted}).values_list("pk", flat=True)[:2])
    if field.type.category == "text":
        folded = [(str(key).casefold(), repr(key)) for key in set(keys)]
        for pk, value in records.filter(**{f"{column}__in": sorted(set(keys))}).values_list("pk", column):
            # A case-insensitive column returns records whose value has different case.
            for name in (repr(value),) if repr(value) in ids_by_key else alike(folded, value):
                ids_by_key[name].append(pk)
    return ids_by_key


def alike(folded: Sequence[tuple[str, str]], value: str) -> list[str]:
    """Return the keys that equal a value, ignoring case."""
    return [name for text, name in folded if text == value.casefold()]


def is_number(text: str) -> bool:
    """Return whether a text can be an id."""
    return id_of(text) is not None


def match_of(work: Work, row: Row, ids_by_key: dict[str, list[int]]) -> int | None:
    """Return the id of a row's record, None for a new one. Raise Invalid for none or several."""
    if row.key is None:
        return None
    ids = ids_by_key[repr(row.key)]
    if work.run.match == "id" and not ids:
        raise Invalid(_("There is no record with this id."))
    if len(ids) > 1:
        raise Invalid.on(work.run.match, _("Several records have this value."))
    return ids[0] if ids else None


def create_records(work: Work, rows: Sequence[Row]) -> None:
    """Create the records of some rows, without empty cells."""
    filled = []
    for row in rows:
        work.reader.add_addresses(row.values, row.cells)
        filled.append({key: value for key, value in row.values.items() if value not in (None, "", [])})
    problems: dict[int, KanalError] = {}
    made: dict[int, Any] = {}
    try:
        outcome = writes.create_many(work.entity, filled, by=work.by, strict=False, context=work.context)
        problems, made = outcome.problems, outcome.made
    except NotAllowed as refusal:
        problems = dict.fromkeys(range(len(rows)), refusal)
    for place, row in enumerate(rows):
        settle(work, row, "created", problems.get(place))
        if place in made:
            row.pk, row.revision = made[place].pk, made[place].revision


def change_records(work: Work, rows: dict[int, Row]) -> None:
    """Update the records of some rows. Empty cells change nothing unless the import clears fields."""
    wanted = {pk: row.values if work.run.clears else present(row.values) for pk, row in rows.items()}
    fields = {key: work.fields[key] for values in wanted.values() for key in values}
    before = snapshots(work.run.user, work.entity, fields, rows)
    problems = writes.change_each(work.entity, wanted, by=work.by).problems
    after = snapshots(work.run.user, work.entity, fields, rows)
    for pk, row in rows.items():
        row.pk = pk
        settle(work, row, "updated", problems.get(pk))
        if not row.reason:
            mark_outcome(row, before.get(pk), after.get(pk))


def present(values: dict[str, Any]) -> dict[str, Any]:
    """Return a row's values that aren't empty."""
    return {key: value for key, value in values.items() if value not in (None, "", [])}


def mark_outcome(row: Row, before: Snapshot | None, after: Snapshot | None) -> None:
    """Record the outcome of an update. A record that became invisible to the user counts as updated."""
    if before is None or after is None:
        return
    row.revision, row.changes = after[0], differences(before, after)
    if before[0] == after[0] and not row.changes:
        row.outcome = "unchanged"


def settle(work: Work, row: Row, outcome: str, problem: KanalError | None) -> None:
    """Record the outcome of a row."""
    row.outcome, row.reason = (outcome, "") if problem is None else ("", error_messages(work, problem))


def error_messages(work: Work, problem: Exception) -> str:
    """Return the errors as text, with field labels."""
    if not isinstance(problem, Invalid):
        return str(problem)
    parts = []
    for key, messages in problem.errors.items():
        label = f"{work.fields[key].label}: " if key in work.fields else ""
        parts.append(label + " ".join(str(message) for message in messages))
    return " ".join(parts)
