"""Creation of many records: each validated as in the write path for one, all stored with one statement per few hundred.

If the database or a permission rejects one of them, the rest are retried in halves, so that each has the result it
would have alone. Types with work after each save, and lookup types, are created one by one.
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
    """A new record, validated but not stored yet, with its values."""

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
    """Create records of many sets of values. `strict` means all or none, raising Invalid with keys such as `3.name`."""
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
    """Return whether records of a type can be stored together, without hooks or caches after each one."""
    model = entity.model
    is_heard = pre_save.has_listeners(model) or post_save.has_listeners(model)
    is_chosen_from = entity.is_lookup or issubclass(model, Choice)
    return not (entity.rules.after or is_heard or is_chosen_from or model._meta.parents)


def insert_valid(entity: Entity, items: Sequence[Item], by: Actor, context: CleanContext) -> BulkResult:
    """Create some records together, in halves if the database rejects one of them, or one by one."""
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
    """Create one record with the single write path, and note why it is rejected."""
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
    """Validate some sets of values and assign them to new records. Note the errors of the others."""
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
    """Check access to all records that relations reference with one query, as cleaning would query each."""
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
    """Unfold custom fields if they are well-formed."""
    try:
        return unfold_custom(values)
    except KanalError:
        return {}


def prefetch_relations(entity: Entity, records: Sequence[Any]) -> None:
    """Prefetch the records' relations with one query per column, as rules access them on each record."""
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
    """Store validated records with their links, search entries and events. Raise if one of them is rejected."""
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
    """Store the links of new records with one statement per field."""
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
    """Raise NotAllowed unless the actor may add each of the records in its place (ACC-2)."""
    asked = [record for record in records if entity.scope.parent or single.outside_projects(entity, record, by)]
    asked = list(records) if single.outside_partner(entity, by) else asked
    if not asked:
        return
    visible = access.visible_to(by.user, entity, "add" if entity.scope.parent else "view")
    if {record.pk for record in asked} - set(
        visible.filter(pk__in=[record.pk for record in asked]).values_list("pk", flat=True)
    ):
        raise NotAllowed
