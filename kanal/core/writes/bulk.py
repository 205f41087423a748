"""The pen for many records: as strict as for one, with one statement (and one set of history rows) per few hundred."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from kanal.core import access, events
from kanal.core.actor import Actor
from kanal.core.entity import Entity
from kanal.core.fields import Cleaning, fields_of
from kanal.core.models import Choice
from kanal.core.writes import derived, pen, together
from kanal.core.writes.checks import check
from kanal.kit.errors import Invalid, KanalError

CHUNK = 500


@dataclass
class Outcome:
    """What came of a bulk change: how many were changed, and (id or place, reason) of those left alone."""

    done: int = 0
    refused: list[tuple[int, str]] = field(default_factory=list)
    records: list[Any] = field(default_factory=list)


def create_many(entity: Entity, items: Sequence[Mapping[str, Any]], *, by: Actor, strict: bool = True) -> Outcome:
    """Make records of many sets of values; `strict`: all or none, raising Invalid with keys such as `3.name`."""
    if not by.is_trusted:
        access.require(by.user, entity, "add")
    outcome, seen = Outcome(), Cleaning(user=by.user)
    errors: dict[str, list[Any]] = {}
    with transaction.atomic():
        for place, values in enumerate(items):
            try:
                with transaction.atomic():
                    outcome.records.append(pen.create(entity, values, by=by, seen=seen))
                    outcome.done += 1
            except Invalid as problem:
                errors |= {f"{place}.{key}": messages for key, messages in problem.errors.items()}
                outcome.refused.append((place, str(problem)))
            except KanalError as problem:
                errors[f"{place}."] = [str(problem)]
                outcome.refused.append((place, str(problem)))
        if strict and errors:
            raise Invalid(errors)
    return outcome


def change_many(
    records: QuerySet,
    values: Mapping[str, Any],
    *,
    by: Actor,
    progress: Callable[[int], bool] | None = None,
) -> Outcome:
    """Give all records of a query the same values; those that the actor may not change, or that refuse, are named.

    `progress(done)` is told after every few hundred, each of which is one transaction; it stops the work by False.
    """
    entity = pen.entity_of(records.model())
    outcome, seen = Outcome(), Cleaning(user=by.user)
    allowed = records if by.is_trusted else access.visible_to(by.user, entity, "edit")
    for ids in chunks(records):
        with transaction.atomic():
            found = allowed.filter(pk__in=ids).order_by("pk").select_for_update(of=("self",))
            rows = list(with_choices(entity, found))
            missing = set(ids) - {row.pk for row in rows}
            outcome.refused += [(pk, _("You are not permitted to do this.")) for pk in sorted(missing)]
            outcome.done += change_rows(entity, rows, values, by, seen, outcome)
        if progress and not progress(outcome.done + len(outcome.refused)):
            break
    return outcome


def with_choices(entity: Entity, records: QuerySet) -> QuerySet:
    """Read statuses and categories along, since rules ask for them of every record."""
    columns = entity.model._meta.concrete_fields
    names = [one.name for one in columns if one.is_relation and issubclass(one.related_model, Choice)]
    return records.select_related(*names) if names else records


def chunks(records: QuerySet) -> Iterable[list[int]]:
    """Give the ids of a query a few hundred at a time, fixed before the first is changed."""
    ids = list(records.order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(ids), CHUNK):
        yield ids[start : start + CHUNK]


@dataclass
class Plan:
    """What is to be written to some locked records: the same columns to many at once, the odd ones alone."""

    groups: dict[tuple[str, ...], dict[int, dict[str, Any]]] = field(default_factory=lambda: defaultdict(dict))
    rows: list[Any] = field(default_factory=list)
    cleaned: dict[int, Mapping[str, Any]] = field(default_factory=dict)
    odd: list[tuple[Any, Mapping[str, Any]]] = field(default_factory=list)
    unchanged: int = 0

    def add(self, entity: Entity, row: Any, cleaned: Mapping[str, Any], changes: dict, by: Actor) -> None:
        """Put a record where it is written best."""
        if not changes and not row.__dict__.get("pending_links"):
            self.unchanged += 1
        elif needs_pen(entity, row, changes, by):
            self.odd.append((row, cleaned))
        else:
            self.groups[tuple(sorted(changes))][row.pk] = changes
            self.rows.append(row)
            self.cleaned[row.pk] = cleaned

    def store(self, entity: Entity) -> None:
        """Write the groups; where a constraint refuses a whole one, its records are left to be tried one by one."""
        for names, changes in self.groups.items():
            try:
                together.store(entity, names, changes)
            except Invalid:
                self.odd += [(row, self.cleaned[row.pk]) for row in self.rows if row.pk in changes]
                self.rows = [row for row in self.rows if row.pk not in changes]


def change_rows(
    entity: Entity, rows: list, values: Mapping[str, Any], by: Actor, seen: Cleaning, outcome: Outcome
) -> int:
    """Change some locked records; give how many there were without a refusal."""
    columns = [column.attname for column in entity.model._meta.concrete_fields if not column.primary_key]
    plan, planned = Plan(), []
    for row in rows:
        try:
            cleaned = check(entity, values, by=by, record=row, seen=seen)
            planned.append((row, cleaned, changed_columns(entity, row, cleaned, by, columns)))
        except KanalError as problem:
            outcome.refused.append((row.pk, str(problem)))
    moved = together.settle_owners(entity, {row: changes for row, _cleaned, changes in planned})
    for row, cleaned, changes in planned:
        plan.add(entity, row, cleaned, changes, by)
    by.sign()
    plan.store(entity)
    together.spread_owners(entity, [row for row in plan.rows if row in moved])
    finish(entity, plan.rows, by, set(values), set().union(*plan.groups))
    alone = sum(change_alone(row, cleaned, by, outcome) for row, cleaned in plan.odd)
    return plan.unchanged + len(plan.rows) + alone


def changed_columns(entity: Entity, row: Any, cleaned: Mapping[str, Any], by: Actor, columns: list[str]) -> dict:
    """Put the values on a record without saving it, and give the columns that differ then."""
    fields = fields_of(entity)
    changed = {key for key, value in cleaned.items() if fields[key].get(row) != value}
    if not changed:
        return {}
    pen.guard(entity, row, changed, by)
    before = {name: getattr(row, name) for name in columns} | {"custom": dict(row.custom)}
    pen.put(entity, row, {key: cleaned[key] for key in changed})
    derived.derive(entity, row, changed)
    errors: dict[str, list] = {}
    if entity.rules.check:
        entity.rules.check(row, errors)
    if errors:
        raise Invalid(errors)
    return {name: getattr(row, name) for name in columns if getattr(row, name) != before[name]}


def needs_pen(entity: Entity, row: Any, changes: dict, by: Actor) -> bool:
    """Tell whether a record must go through the single pen: links, work after the save, another's project."""
    if row.__dict__.get("pending_links") or entity.rules.after:
        return True
    return entity.scope.project in changes and not by.is_trusted and pen.outside_projects(entity, row, by)


def finish(entity: Entity, rows: list[Any], by: Actor, asked: set[str], columns: set[str]) -> None:
    """Keep search and listeners informed of changed records."""
    if rows:
        events.now_many("record.saved", rows, entity=entity, changed=asked | columns)
        events.publish_many(f"{entity.key}.updated", [row.pk for row in rows], by=by, fields=sorted(asked))


def change_alone(row: Any, cleaned: Mapping[str, Any], by: Actor, outcome: Outcome) -> bool:
    """Change one record by the single pen; name it where it refuses."""
    try:
        with transaction.atomic():
            pen.change(row, cleaned, by=by)
    except KanalError as problem:
        outcome.refused.append((row.pk, str(problem)))
        return False
    return True


def delete_many(records: QuerySet, *, by: Actor, progress: Callable[[int], bool] | None = None) -> Outcome:
    """Delete the records of a query; those that may not or can't be deleted are left and named."""
    entity, outcome = pen.entity_of(records.model()), Outcome()
    allowed = records.model._default_manager.all() if by.is_trusted else access.visible_to(by.user, entity, "delete")
    for ids in chunks(records):
        with transaction.atomic():
            rows = list(allowed.filter(pk__in=ids).order_by("pk").select_for_update(of=("self",)))
            missing = set(ids) - {row.pk for row in rows}
            outcome.refused += [(pk, _("You are not permitted to do this.")) for pk in sorted(missing)]
            by.sign()
            delete_rows(entity, [row for row in rows if may_go(entity, row, by, outcome)], by, outcome)
        if progress and not progress(outcome.done + len(outcome.refused)):
            break
    pen.forget_choices(entity)
    return outcome


def may_go(entity: Entity, row: Any, by: Actor, outcome: Outcome) -> bool:
    """Tell whether a record's state allows its deletion; name it where it does not."""
    try:
        pen.guard(entity, row, {"*"}, by)
    except KanalError as problem:
        outcome.refused.append((row.pk, str(problem)))
        return False
    return True


def delete_rows(entity: Entity, rows: list[Any], by: Actor, outcome: Outcome) -> None:
    """Delete some locked records together; where others hang on one, halve them until it stands alone, and name it."""
    if not rows:
        return
    try:
        with transaction.atomic():
            together.delete(entity, rows, by)
        outcome.done += len(rows)
    except KanalError as problem:
        half = len(rows) // 2
        if half == 0:
            outcome.refused.append((rows[0].pk, str(problem)))
            return
        delete_rows(entity, rows[:half], by, outcome)
        delete_rows(entity, rows[half:], by, outcome)
