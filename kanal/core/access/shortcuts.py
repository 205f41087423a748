"""Shortcuts for fetching through the access layer: one record, or the permitted names of several."""

from collections.abc import Iterable
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db.models import BigAutoField, BooleanField, ExpressionWrapper, F, Q, QuerySet, Value

from kanal.core import locks
from kanal.core.access.choosing import choosable_condition
from kanal.core.access.condition import EVERYTHING, NOTHING
from kanal.core.access.queryset import access_condition, condition_for, has_permission
from kanal.core.cache import cached
from kanal.core.entity import Entity
from kanal.core.models import RecordAlias
from kanal.core.query.compiled import EqualsAny, Param, compiled
from kanal.kit.errors import Moved, NotAllowed, NotFound

MOST_TITLES = 1000


def get_for(user: Any, entity: Entity, pk: int, action: str = "view", *, lock: bool = False) -> Any:
    """Return one record. Raise NotFound if it isn't visible, NotAllowed if the action isn't permitted."""
    if lock:
        locks.lock_family(entity, [pk])
    wanted = "" if action == "view" else action
    return read_one(user, entity, pk, condition_for(user, entity), wanted, lock=lock, doomed=action == "delete")


def read_one(
    user: Any, entity: Entity, pk: int, condition: Q | None, action: str, *, lock: bool = False, doomed: bool = False
) -> Any:
    """Return one record that meets a condition, with one query. Raise NotFound or NotAllowed.

    `doomed` locks it for deletion, so that no new references to it are created.
    """
    wanted = access_condition(user, entity, action) if action else EVERYTHING
    at_once = wanted.q if wanted not in (EVERYTHING, NOTHING) and wanted.is_local else None
    record = compiled(one_of, entity, condition, at_once, lock, doomed).first(pk=pk)
    if record is None:
        raise missing_record(user, entity, pk)
    if lock:
        locks.mark_locked(entity.model, [pk])
    if wanted is not EVERYTHING and (at_once is None or not record.is_permitted):
        require(user, entity, action, record)
    return record


def missing_record(user: Any, entity: Entity, pk: int) -> NotFound:
    """Return the error for a missing record: Moved if a record visible to the user has adopted its address."""
    alias = RecordAlias.objects.filter(entity=entity.key, old_id=pk).first()
    if alias is None:
        return NotFound()
    condition = condition_for(user, entity)
    records = entity.model._default_manager.filter(pk=alias.record_id)
    is_visible = (records if condition is None else records.filter(condition)).exists()
    return Moved(entity.key, pk, alias.record_id) if is_visible else NotFound()


def one_of(entity: Entity, condition: Q | None, permitted: Q | None, lock: bool, doomed: bool = False) -> QuerySet:
    """Return the query of one visible record, annotated with whether an action on it is permitted.

    Only for a flat condition: one on the parent would be evaluated for all parents.
    """
    records = entity.model._default_manager.order_by()
    if lock:
        records = records.select_for_update(of=("self",), no_key=not doomed)
    if condition is not None:
        records = records.filter(condition)
    if permitted is not None:
        records = records.annotate(is_permitted=ExpressionWrapper(permitted, BooleanField()))
    return records.filter(pk=Param("pk", BigAutoField()))


def related_records(
    user: Any, entity: Entity, column: str, pk: int, order: tuple[str, ...] = (), limit: int | None = None
) -> list[Any]:
    """Return the records of a type that reference one record by a column and are visible to the user."""
    return compiled(pointing, entity, condition_for(user, entity), column, order, limit).ask(pk=pk)


def pointing(entity: Entity, condition: Q | None, column: str, order: tuple[str, ...], limit: int | None) -> QuerySet:
    """Return the query of the visible records that reference one record."""
    records = entity.model._default_manager.order_by(*order)
    if condition is not None:
        records = records.filter(condition)
    return records.filter(**{f"{column}_id": Param("pk", BigAutoField())})[:limit]


def require(user: Any, entity: Entity, action: str, record: Any = None) -> None:
    """Raise NotAllowed unless the user may perform the action."""
    if not has_permission(user, entity, action, record):
        raise NotAllowed


def permitted_actions(user: Any, entity: Entity, record: Any, actions: Iterable[str]) -> set[str]:
    """Return which actions the user may perform on a record visible to them, with one query at most."""
    permitted: set[str] = set()
    asked: list[tuple[Q, set[str]]] = []
    visible = access_condition(user, entity)
    for action in set(actions):
        condition = access_condition(user, entity, action)
        if condition is NOTHING:
            continue
        if condition is EVERYTHING or condition.q == visible.q:
            permitted.add(action)
            continue
        for other, names in asked:
            if other == condition.q:
                names.add(action)
                break
        else:
            asked.append((condition.q, {action}))
    if not asked:
        return permitted
    # One condition on the record each: as a column, a condition on the parent would be evaluated for all parents.
    queryset = entity.model._default_manager.filter(pk=record.pk).order_by()
    each = [
        queryset.filter(condition).annotate(asked_as=Value(place)).values_list("asked_as", flat=True)
        for place, (condition, _names) in enumerate(asked)
    ]
    for place in each[0].union(*each[1:], all=True):
        permitted |= asked[place][1]
    return permitted


def display_names(user: Any, entity: Entity, ids: Iterable[int]) -> dict[int, str]:
    """Return the names of those records that the user may see or choose. Others have no name (ACC-5)."""
    wanted = {pk for pk in ids if pk}
    if not wanted:
        return {}
    condition = None if user is None else choosable_condition(user, entity)
    is_cached = condition is None and entity.is_lookup
    if is_cached and (known := few_titles(entity.key)) and wanted <= known.keys():
        return {pk: known[pk] for pk in wanted}
    rows = compiled(titles, entity, condition).ask(ids=sorted(wanted))
    return {pk: title or f"#{pk}" for pk, title in rows}


def names_by_type(user: Any, wanted: Iterable[tuple[str, Iterable[int]]]) -> dict[str, dict[int, str]]:
    """Return the names of records by type for (type, ids) pairs, as `display_names`, with one query per type."""
    from kanal.core import registry

    ids: dict[str, set[int]] = {}
    for key, pks in wanted:
        ids.setdefault(key, set()).update(pks)
    return {key: display_names(user, entity, pks) for key, pks in ids.items() if (entity := registry.find(key))}


def titles(entity: Entity, condition: Q | None) -> QuerySet:
    """Return the query of the ids and names of visible records."""
    records = entity.model._default_manager.order_by()
    if condition is not None:
        records = records.filter(condition)
    return records.filter(EqualsAny(F("pk"), Param("ids", ArrayField(BigAutoField())))).values_list("pk", entity.title)


@cached
def few_titles(key: str) -> dict[int, str]:
    """Return the names of all records of a lookup type, such as users, unless there are too many."""
    from kanal.core import registry

    entity = registry.get(key)
    rows = list(entity.model._default_manager.order_by().values_list("pk", entity.title)[: MOST_TITLES + 1])
    return {pk: str(title or f"#{pk}") for pk, title in rows} if len(rows) <= MOST_TITLES else {}
