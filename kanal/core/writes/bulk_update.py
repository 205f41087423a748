"""Changes of many records: as strict as for one, with one statement (and one set of history) per few hundred."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.db.models import ProtectedError, QuerySet, RestrictedError

from kanal.core import access, events, locks
from kanal.core.actor import Actor
from kanal.core.conflicts import retried
from kanal.core.entity import Entity
from kanal.core.fields import CleanContext, fields_of
from kanal.core.fields.choices import read_held
from kanal.core.models import Choice
from kanal.core.writes import owners, single, sql
from kanal.core.writes.bulk_create import flat_or_nothing, look_up
from kanal.core.writes.checks import changed_keys, clean_values
from kanal.core.writes.constraints import refusal_of_deletion
from kanal.core.writes.result import BulkResult
from kanal.core.writes.revisions import changed_since
from kanal.kit.errors import Conflict, Invalid, KanalError, NotAllowed, NotFound, Refused

CHUNK = 500


def change_many(
    records: QuerySet,
    values: Mapping[str, Any],
    *,
    by: Actor,
    progress: Callable[[int], bool] | None = None,
) -> BulkResult:
    """Set the same values on all records of a query. Records that can't be changed are reported.

    `progress(done)` is called after every few hundred, each of which is one transaction, and returns False to stop.
    """
    entity = single.entity_of(records.model())
    outcome, context = BulkResult(), access.clean_context(by.user)

    @retried
    @transaction.atomic
    def change_some(ids: list[int]) -> BulkResult:
        allowed = records if by.skips_permission_checks else access.visible_to(by.user, entity, "edit")
        locks.lock_family(entity, ids)
        rows = locks.lock(with_choices(entity, allowed.filter(pk__in=ids)))
        result = BulkResult()
        result.problems |= {pk: NotAllowed() for pk in sorted(set(ids) - {row.pk for row in rows})}
        result.done = change_rows(entity, rows, {row.pk: values for row in rows}, by, context, result)
        return result

    for ids in chunks(records):
        run_step(change_some, ids, outcome)
        if progress and not progress(outcome.done + len(outcome.problems)):
            break
    return outcome


def run_step(step: Callable[[list[int]], BulkResult], ids: list[int], outcome: BulkResult) -> None:
    """Run one transaction of many. If it conflicts at every try, its records are reported."""
    try:
        outcome.absorb(step(ids))
    except Refused as problem:
        outcome.problems |= dict.fromkeys(ids, problem)


def change_each(
    entity: Entity, wanted: Mapping[int, Mapping[str, Any]], *, by: Actor, expected: Mapping[int, int] | None = None
) -> BulkResult:
    """Set each record's own values, in one transaction. Errors that `change` would raise are reported by id.

    `expected` are the revisions that the editor saw. After concurrent changes, Conflict reports them (FORM-3).
    """
    outcome, context = BulkResult(), access.clean_context(by.user)
    look_up(entity, wanted.values(), context)
    with transaction.atomic():
        ids = set(wanted)
        if not by.skips_permission_checks:
            ids = set(access.visible_to(by.user, entity).filter(pk__in=ids).values_list("pk", flat=True))
        allowed = (
            entity.model._default_manager if by.skips_permission_checks else access.visible_to(by.user, entity, "edit")
        )
        locks.lock_family(entity, list(ids))
        rows = locks.lock(with_choices(entity, allowed.filter(pk__in=ids)))
        outcome.problems |= {pk: NotFound() for pk in sorted(set(wanted) - ids)}
        outcome.problems |= {pk: NotAllowed() for pk in sorted(ids - {row.pk for row in rows})}
        outcome.done = change_rows(entity, rows, wanted, by, context, outcome, expected)
    return outcome


def with_choices(entity: Entity, records: QuerySet) -> QuerySet:
    """Prefetch statuses and categories, as rules access them on every record."""
    columns = entity.model._meta.concrete_fields
    names = [column.name for column in columns if column.is_relation and issubclass(column.related_model, Choice)]
    return records.select_related(*names) if names else records


def chunks(records: QuerySet) -> Iterable[list[int]]:
    """Yield the ids of a query a few hundred at a time, fixed before the first change."""
    ids = list(records.order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(ids), CHUNK):
        yield ids[start : start + CHUNK]


@dataclass
class Plan:
    """The writes to some locked records: the same columns of many together, exceptional ones alone."""

    groups: dict[tuple[str, ...], dict[int, dict[str, Any]]] = field(default_factory=lambda: defaultdict(dict))
    rows: list[Any] = field(default_factory=list)
    cleaned: dict[int, Mapping[str, Any]] = field(default_factory=dict)
    odd: list[tuple[Any, Mapping[str, Any]]] = field(default_factory=list)
    fields: set[str] = field(default_factory=set)
    unchanged: int = 0

    def add(self, entity: Entity, planned: "Planned", by: Actor) -> None:
        """Add a record to the appropriate group."""
        if not planned.columns and not planned.row.__dict__.get("pending_links"):
            self.unchanged += 1
        elif needs_single_write(entity, planned.row, planned.columns, by):
            self.odd.append((planned.row, planned.cleaned))
        else:
            self.put(planned)

    def put(self, planned: "Planned") -> None:
        """Add a record to those written together."""
        self.groups[tuple(sorted(planned.columns))][planned.row.pk] = planned.columns
        self.rows.append(planned.row)
        self.cleaned[planned.row.pk] = planned.cleaned
        self.fields |= planned.changed

    def store(self, entity: Entity) -> None:
        """Write the groups. If a constraint rejects a whole one, its records are left to be retried one by one."""
        for names, changes in self.groups.items():
            try:
                sql.update_rows(entity, names, changes)
            except Invalid:
                self.odd += [(row, self.cleaned[row.pk]) for row in self.rows if row.pk in changes]
                self.rows = [row for row in self.rows if row.pk not in changes]


@dataclass(frozen=True)
class Planned:
    """A locked record with its new values: the changed fields, and the differing columns."""

    row: Any
    cleaned: Mapping[str, Any]
    changed: set[str]
    columns: dict[str, Any]


def change_rows(
    entity: Entity, rows: list, wanted: Mapping[int, Mapping[str, Any]], by: Actor, context: CleanContext,
    outcome: BulkResult,
    expected: Mapping[int, int] | None = None,
) -> int:  # fmt: skip
    """Change some locked records. Return the number of records that weren't rejected."""
    plan, planned = Plan(), []
    given = {key for values in wanted.values() for key in flat_or_nothing(values)}
    read_held(rows, (field for key, field in fields_of(entity).items() if key in given), context)
    for row in rows:
        try:
            cleaned = clean_values(entity, wanted[row.pk], by=by, record=row, context=context)
            planned.append(planned_change(entity, row, cleaned, by, context, (expected or {}).get(row.pk)))
        except KanalError as problem:
            outcome.refuse(row.pk, problem)
    moved = owners.settle_owners(entity, {entry.row: entry.columns for entry in planned})
    for change in planned:
        plan.add(entity, change, by)
    by.set_on_connection()
    plan.store(entity)
    propagate_changes(entity, plan, moved)
    alone = sum(change_alone(row, cleaned, by, outcome) for row, cleaned in plan.odd)
    return plan.unchanged + len(plan.rows) + alone


def planned_change(
    entity: Entity, row: Any, cleaned: Mapping[str, Any], by: Actor, context: CleanContext, expected: int | None
) -> Planned:
    """Set the values on a record without saving it. Raise the errors of the single write path."""
    changed = changed_keys(entity, row, cleaned, context)
    if not changed:
        return Planned(row, cleaned, changed, {})
    if expected is not None and expected != row.revision:
        raise Conflict(changed_since(entity, row, expected, by), row.revision)
    single.guard(entity, row, changed, by)
    before = single.columns_of(row)
    single.assign(entity, row, {key: cleaned[key] for key in changed})
    single.derive_and_validate(entity, row, changed, by, before)
    columns = {name: getattr(row, name) for name, value in before.items() if getattr(row, name) != value}
    return Planned(row, cleaned, changed, columns)


def needs_single_write(entity: Entity, row: Any, changes: dict, by: Actor) -> bool:
    """Return whether a record requires the single write path: links, work after the save, a restricted project."""
    if row.__dict__.get("pending_links") or entity.rules.after:
        return True
    return (
        entity.scope.project in changes and not by.skips_permission_checks and single.outside_projects(entity, row, by)
    )


def propagate_changes(entity: Entity, plan: Plan, moved: set[Any]) -> None:
    """Propagate changed records to inherited owners, search and listeners."""
    if not plan.rows:
        return
    owners.spread_owners(entity, [row for row in plan.rows if row in moved])
    changed = plan.fields.union(*plan.groups)
    events.dispatch_many("record.saved", plan.rows, entity=entity, changed=changed)


def change_alone(row: Any, cleaned: Mapping[str, Any], by: Actor, outcome: BulkResult) -> bool:
    """Change one record with the single write path, and report it if it is rejected."""
    try:
        with transaction.atomic():
            single.change(row, cleaned, by=by)
    except KanalError as problem:
        outcome.refuse(row.pk, problem)
        return False
    return True


def delete_many(records: QuerySet, *, by: Actor, progress: Callable[[int], bool] | None = None) -> BulkResult:
    """Delete the records of a query. Records that can't be deleted are kept and reported."""
    entity, outcome = single.entity_of(records.model()), BulkResult()
    everything = records.model._default_manager.all()

    @retried
    @transaction.atomic
    def delete_some(ids: list[int]) -> BulkResult:
        allowed = everything if by.skips_permission_checks else access.visible_to(by.user, entity, "delete")
        locks.lock_family(entity, ids)
        rows, result = locks.lock(allowed.filter(pk__in=ids), doomed=True), BulkResult()
        result.problems |= {pk: NotAllowed() for pk in sorted(set(ids) - {row.pk for row in rows})}
        by.set_on_connection()
        delete_rows(entity, [row for row in rows if may_go(entity, row, by, result)], by, result)
        return result

    for ids in chunks(records):
        run_step(delete_some, ids, outcome)
        if progress and not progress(outcome.done + len(outcome.problems)):
            break
    single.forget_choices(entity)
    return outcome


def may_go(entity: Entity, row: Any, by: Actor, outcome: BulkResult) -> bool:
    """Return whether a record's state allows its deletion, and report it if not."""
    try:
        single.guard(entity, row, {"*"}, by)
    except KanalError as problem:
        outcome.refuse(row.pk, problem)
        return False
    return True


def delete_rows(entity: Entity, rows: list[Any], by: Actor, outcome: BulkResult) -> None:
    """Delete some locked records together. If one has dependents, halve them until it is found, and report it."""
    if not rows:
        return
    try:
        with transaction.atomic():
            sql.delete_rows(entity, rows, by)
        outcome.done += len(rows)
    except (KanalError, ProtectedError, RestrictedError) as problem:
        half = len(rows) // 2
        if half == 0:
            pk = rows[0].pk
            outcome.refuse(pk, problem if isinstance(problem, KanalError) else refusal_of_deletion(entity, [pk]))
            return
        delete_rows(entity, rows[:half], by, outcome)
        delete_rows(entity, rows[half:], by, outcome)
