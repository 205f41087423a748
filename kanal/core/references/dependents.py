"""The dependents of a record: counts and names visible to the reader, and those that prevent its deletion."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

from django.db import models

from kanal.core import access, registry
from kanal.core.entity import Entity
from kanal.core.references.columns import ForeignKeyReference, Reference, keys_to, references_of

MOST_NAMES = 5


@dataclass(frozen=True)
class Dependents:
    """The rows that reference a record by one column: their number, and the names of the first few.

    Both exclude records hidden from the reader. Rows that aren't records have no names.
    """

    reference: Reference
    label: str
    count: int
    names: tuple[str, ...]


def references_to(user: Any, record: Any) -> list[Dependents]:
    """Return the references to a record by column, without empty ones. A user of None sees everything."""
    entity = registry.of(record)
    assert entity is not None, f"{type(record).__name__} is no registered record type"
    by_column = [dependents_by(user, reference, entity, record.pk) for reference in references_of(entity)]
    return [dependents for dependents in by_column if dependents.count]


def dependents_by(user: Any, reference: Reference, entity: Entity, pk: int) -> Dependents:
    """Return the references to a record by one column."""
    rows = reference.rows(entity, pk)
    names: tuple[str, ...] = ()
    if reference.entity is not None:
        if user is not None:
            rows = rows.filter(pk__in=access.visible_to(user, reference.entity).values("pk"))
        title = reference.entity.title
        names = tuple(str(name) for name in rows.order_by("pk").values_list(title, flat=True)[:MOST_NAMES])
    return Dependents(reference, str(reference.model._meta.verbose_name_plural), rows.count(), names)


def blocking_labels(entity: Entity, ids: Collection[int]) -> list[str]:
    """Return the labels of types that prevent a deletion, sorted: dependents of the records or of their parts."""
    return sorted({str(model._meta.verbose_name_plural) for model in blocking_models(entity.model, ids)})


def blocking_models(target: type[models.Model], ids: Collection[Any]) -> Iterator[type[models.Model]]:
    """Yield the models whose rows reference the given rows, or those deleted with them, and prevent the deletion."""
    for reference in keys_to(target):
        if not isinstance(reference, ForeignKeyReference):
            continue
        column: Any = reference.model._meta.get_field(reference.column)
        rows = reference.model._default_manager.filter(**{f"{reference.column}__in": ids})
        if column.remote_field.on_delete in (models.PROTECT, models.RESTRICT):
            if rows.exists():
                yield reference.model
        elif column.remote_field.on_delete is models.CASCADE and (parts := list(rows.values_list("pk", flat=True))):
            yield from blocking_models(reference.model, parts)
