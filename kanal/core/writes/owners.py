"""The owners of a record: derived from its own people and its parents, and propagated to inheriting records."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Q, prefetch_related_objects
from django.utils.translation import gettext as _

from kanal.core import events, locks
from kanal.core.entity import Entity
from kanal.core.writes.sql import store_each
from kanal.kit.errors import Refused

# List indexes include the owners, and an index entry is limited to 2,700 bytes.
MOST_PEOPLE = 100


def owners_of(entity: Entity, record: Any) -> list[int]:
    """Return the ids of a record's owners: author, assignee, members, those of its parents.

    Raise Refused for too many direct owners.
    """
    owner_ids: set[int] = set()
    for name in entity.scope.owners:
        if name in {column.name for column in entity.model._meta.many_to_many}:
            owner_ids |= linked(record, name)
        elif hasattr(record, f"{name}_id"):
            owner_ids.add(getattr(record, f"{name}_id"))
    if len(owner_ids) > MOST_PEOPLE:
        raise Refused(
            _("A record can have at most %(count)s owners; use roles to let others see it.") % {"count": MOST_PEOPLE}
        )
    for name in entity.scope.inherits:
        parent = getattr(record, name)
        owner_ids |= set(parent.owner_ids) if parent is not None and hasattr(parent, "owner_ids") else set()
    return sorted(owner_ids - {None})


def linked(record: Any, name: str) -> set[int]:
    """Return the ids of a record's links: pending ones if any, otherwise stored ones."""
    for field, ids in record.__dict__.get("pending_links", {}).items():
        if field.column == name:
            return set(ids)
    return {owner.pk for owner in getattr(record, name).all()} if record.pk else set()


def settle_owners(entity: Entity, changes: Mapping[Any, dict[str, Any]]) -> set[Any]:
    """Add derived owners to the changes of unsaved records. Return the records whose owners changed.

    Records with pending links are skipped, as they are written one by one.
    """
    if not hasattr(entity.model, "owner_ids"):
        return set()
    names = {f"{name}_id" for name in (*entity.scope.owners, *entity.scope.inherits)}
    rows = [row for row, changed in changes.items() if names & set(changed) and not row.__dict__.get("pending_links")]
    moved = {row for row, owners in owners_of_many(entity, rows).items() if owners != row.owner_ids}
    for row in moved:
        row.owner_ids = changes[row]["owner_ids"] = owners_of(entity, row)
    return moved


def owners_of_many(entity: Entity, rows: Sequence[Any]) -> dict[Any, list[int]]:
    """Return the owners of some records, with one query each for members and parents."""
    many = {column.name for column in entity.model._meta.many_to_many}
    prefetch_related_objects(rows, *entity.scope.inherits, *(name for name in entity.scope.owners if name in many))
    return {row: owners_of(entity, row) for row in rows}


def spread_owners(entity: Entity, rows: Sequence[Any]) -> None:
    """Propagate new owners to the records that inherit them, recursively (an account's people)."""
    from kanal.core import registry

    if not rows:
        return
    for child in registry.all_entities():
        names = [
            name for name in child.scope.inherits if child.model._meta.get_field(name).related_model is entity.model
        ]
        if names and hasattr(child.model, "owner_ids"):
            below = Q(*((f"{name}__in", [row.pk for row in rows]) for name in names), _connector=Q.OR)
            children = locks.lock(child.model._default_manager.filter(below))
            spread_owners(child, store_owners(child, children))


def store_owners(entity: Entity, rows: Sequence[Any]) -> list[Any]:
    """Update `owner_ids` of stored records without history. Return those whose owners changed."""
    fresh = {row: owners for row, owners in owners_of_many(entity, rows).items() if owners != row.owner_ids}
    if fresh:
        changes = {row.pk: {"owner_ids": owners} for row, owners in fresh.items()}
        store_each(entity.model, ("owner_ids",), changes, touch=False)
        for row, owners in fresh.items():
            row.owner_ids = owners
        events.dispatch_many("record.moved", list(fresh), entity=entity)
    return list(fresh)


def spread_moved(entity: Entity, record: Any, before: Sequence[int]) -> None:
    """Propagate the owners of a saved record if they changed."""
    if owner_ids(record) != before:
        spread_owners(entity, [record])


def owner_ids(record: Any) -> list[int]:
    """Return a copy of a record's owners, empty for a type without."""
    return list(getattr(record, "owner_ids", ()))
