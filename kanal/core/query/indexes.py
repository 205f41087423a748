"""The indexes of filterable custom fields, on exactly the expressions of filters and sorts (CF-4)."""

from typing import Any

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import connection
from django.db.models import F, Index, OrderBy
from django.db.models.fields.json import KeyTransform

from kanal.core.entity import Entity
from kanal.core.fields import Field
from kanal.core.query.expressions import Fold, comparable, raw


def indexes_of(entity: Entity, field: Field) -> list[Index]:
    """Return the indexes of a custom field: of sorted values, and for text of its trigrams."""
    name, category = f"cf_{entity.model._meta.db_table}"[:18], field.type.category
    if category == "choices":
        return [GinIndex(KeyTransform(field.name, "custom"), name=f"{name}_{field.custom}")]
    order: Any = comparable(field)
    indexes = [Index(OrderBy(order, descending=True, nulls_last=True), F("id").desc(), name=f"{name}_{field.custom}")]
    if category == "text":
        indexes.append(GinIndex(OpClass(Fold(raw(field)), "gin_trgm_ops"), name=f"{name}_{field.custom}_t"))
    return indexes


def create_indexes(entity: Entity, field: Field, *, concurrently: bool = True) -> None:
    """Create the missing indexes of a field, concurrently to avoid blocking, which requires no transaction."""
    there = existing(entity)
    with connection.schema_editor(atomic=False) as editor:
        for index in indexes_of(entity, field):
            if index.name not in there:
                editor.add_index(entity.model, index, concurrently=concurrently)  # type: ignore[call-arg]


def drop(entity: Entity, field: Field, *, concurrently: bool = True) -> None:
    """Drop the indexes of a field that is no longer filterable."""
    there = existing(entity)
    with connection.schema_editor(atomic=False) as editor:
        for index in indexes_of(entity, field):
            if index.name in there:
                editor.remove_index(entity.model, index, concurrently=concurrently)  # type: ignore[call-arg]


def existing(entity: Entity) -> set[str]:
    """Return the names of the valid indexes of a type's table. Invalid ones from a failed attempt are removed."""
    table: Any = entity.model._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname, i.indisvalid FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid"
            " WHERE i.indrelid = %s::regclass", [table],
        )  # fmt: skip
        rows = cursor.fetchall()
        for name, is_valid in rows:
            if not is_valid:
                cursor.execute(f'DROP INDEX "{name}"')
    return {name for name, is_valid in rows if is_valid}
