"""Many new records: each checked as the write path checks one, and all stored by one statement per few hundred.

Where the database or a right refuses one of them the rest are tried in halves, so that each gets the answer that it
would get alone. Types with work after each save, and those that others choose from, are made one by one.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models.signals import post_save, pre_save

from kanal.core import access, events
from kanal.core.actor import Actor
from kanal.core.entity import Entity
from kanal.core.fields import CleanContext, fields_of
from kanal.core.fields.choices import as_id, visible_ids
from kanal.core.models import Choice
from kanal.core.writes import presets, sequences, single, sql
from kanal.core.writes.checks import clean_values, unfold_custom
from kanal.core.writes.result import BulkResult
from kanal.kit.errors import KanalError, NotAllowed

CHUNK = 1000
FEW = 2
Item = tuple[int, Mapping[str, Any]]


@dataclass(frozen=True)
class Draft:
    """A new record that is checked and not stored yet, with the values that it was made of."""

    place: int
    record: Any
    cleaned: Mapping[str, Any]


def create_many(
    entity: Entity,
    items: Sequence[Mapping[str, Any]],
    *,
    by: Actor,
    strict: bool = True,
    context: CleanContext | None = None,
) -> BulkResult:
    """Make records of many sets of values; `strict`: all or none, raising Invalid with keys such as `3.name`."""
    if not by.skips_permission_checks:
        access.require(by.user, entity, "add")
    outcome, context, places = BulkResult(), context or access.clean_context(by.user), list(enumerate(items))
    with transaction.atomic(), sequences.drawn_together():
        for start in range(0, len(places), CHUNK):
            outcome.absorb(insert_valid(entity, places[start : start + CHUNK], by, context))
        if strict and outcome.problems:
            raise outcome.by_place()
    return outcome


def goes_together(entity: Entity) -> bool:
    """Return whether records of a type can be stored together: nothing is done, asked or remembered after each."""
    model = entity.model
    is_heard = pre_save.has_listeners(model) or post_save.has_listeners(model)
    is_chosen_from = entity.is_lookup or issubclass(model, Choice)
    return not (entity.rules.after or is_heard or is_chosen_from or model._meta.parents)


def insert_valid(entity: Entity, items: Sequence[Item], by: Actor, context: CleanContext) -> BulkResult:
    """Make some records together, in halves where one of them is refused by the database, or one by one."""
    outcome = BulkResult()
    if len(items) <= FEW or not goes_together(entity):
        for place, values in items:
            make_alone(entity, place, values, by, context, outcome)
        return outcome
    marked = sequences.mark()
    try:
        with transaction.atomic():
            insert_drafts(entity, drafts(entity, items, by, context, outcome), by, outcome)
    except KanalError:
        sequences.back_to(marked)
        half = len(items) // 2
        outcome = insert_valid(entity, items[:half], by, context)
        outcome.absorb(insert_valid(entity, items[half:], by, context))
    return outcome


def make_alone(
    entity: Entity, place: int, values: Mapping[str, Any], by: Actor, context: CleanContext, outcome: BulkResult
) -> None:
    """Make one record by the single write path; note why where it is refused."""
    marked = sequences.mark()
    try:
        with transaction.atomic():
            record = single.create(entity, values, by=by, context=context)
    except KanalError as problem:
        sequences.back_to(marked)
        outcome.refuse(place, problem)
    else:
        outcome.add(place, record)


def drafts(entity: Entity, items: Sequence[Item], by: Actor, context: CleanContext, outcome: BulkResult) -> list[Draft]:
    """Check some sets of values and put them on new records; note what is wrong with the others."""
    look_up(entity, [values for _place, values in items], context)
    preset = entity.rules.initial(by) if entity.rules.initial else {}
    projects = presets.projects_for(entity, by)
    begun, ready = [], []
    for place, values in items:
        try:
            begins = {**projects, **presets.partner_of(entity, by, values), **preset}
            cleaned = clean_values(entity, {**begins, **values}, by=by, context=context)
        except KanalError as problem:
            outcome.refuse(place, problem)
            continue
        record = entity.model(created_by_id=by.user_id)
        single.assign(entity, record, cleaned)
        begun.append(Draft(place, record, cleaned))
    prefetch_relations(entity, [entry.record for entry in begun])
    for draft in begun:
        marked = sequences.mark()
        try:
            single.derive_and_validate(entity, draft.record, set(draft.cleaned), by)
            single.set_owners(entity, draft.record)
        except KanalError as problem:
            sequences.back_to(marked)
            outcome.refuse(draft.place, problem)
        else:
            ready.append(draft)
    return ready


def look_up(entity: Entity, items: Iterable[Mapping[str, Any]], context: CleanContext) -> None:
    """Ask once for all records that relations point at whether the actor may see them, as cleaning asks for each."""
    fields = {key: field for key, field in fields_of(entity).items() if field.type.category == "relation"}
    wanted: dict[str, set[int]] = {}
    for values in items:
        for key in fields.keys() & flat_or_nothing(values).keys():
            try:
                wanted.setdefault(key, set()).add(as_id(unfold_custom(values)[key]))
            except ValueError:
                continue
    for key, ids in wanted.items():
        target = fields[key].target
        asked = {pk for pk in ids if ("record", target, pk) not in context.cache}
        visible = visible_ids(fields[key], asked, context) if asked else set()
        context.cache |= {("record", target, pk): {pk} & visible for pk in asked}


def flat_or_nothing(values: Mapping[str, Any]) -> Mapping[str, Any]:
    """Unfold custom fields, where they are given in a way that can be read."""
    try:
        return unfold_custom(values)
    except KanalError:
        return {}


def prefetch_relations(entity: Entity, records: Sequence[Any]) -> None:
    """Read what the records point at by one query a column: rules ask for it of each of them."""
    for column in entity.model._meta.concrete_fields:
        if not column.is_relation or column.name == "created_by":
            continue
        missing = [
            candidate for candidate in records if getattr(candidate, column.attname) and not column.is_cached(candidate)
        ]
        if missing:
            ids = {getattr(candidate, column.attname) for candidate in missing}
            related = column.related_model._default_manager.in_bulk(ids)
            for record in missing:
                if getattr(record, column.attname) in related:
                    column.set_cached_value(record, related[getattr(record, column.attname)])


def insert_drafts(entity: Entity, ready: Sequence[Draft], by: Actor, outcome: BulkResult) -> None:
    """Store checked records with their links, search entries and events; raise where one of them is refused."""
    records = [entry.record for entry in ready]
    if not records:
        return
    by.set_on_connection()
    sql.insert(entity.model, records)
    store_links(records)
    if not by.skips_permission_checks:
        require_places(entity, records, by)
    changed = {entity.title}.union(*(entry.cleaned for entry in ready))
    events.dispatch_many("record.saved", records, entity=entity, changed=changed)
    for draft in ready:
        outcome.add(draft.place, draft.record)


def store_links(records: Sequence[Any]) -> None:
    """Store the links of new records, by one statement for each field."""
    rows: dict[Any, list[Any]] = {}
    for record in records:
        for field, ids in record.__dict__.pop("pending_links", {}).items():
            links = field.links
            names = f"{links.m2m_field_name()}_id", f"{links.m2m_reverse_field_name()}_id"
            through = links.remote_field.through
            rows.setdefault(through, []).extend(
                through(**dict(zip(names, (record.pk, pk), strict=True))) for pk in sorted(ids)
            )
    for through, link_rows in rows.items():
        through._default_manager.bulk_create(link_rows)


def require_places(entity: Entity, records: Sequence[Any], by: Actor) -> None:
    """Raise NotAllowed where the actor may not add one of the records where it stands (ACC-2)."""
    asked = [record for record in records if entity.scope.parent or single.outside_projects(entity, record, by)]
    asked = list(records) if single.outside_partner(entity, by) else asked
    if not asked:
        return
    visible = access.visible_to(by.user, entity, "add" if entity.scope.parent else "view")
    if {record.pk for record in asked} - set(
        visible.filter(pk__in=[record.pk for record in asked]).values_list("pk", flat=True)
    ):
        raise NotAllowed
