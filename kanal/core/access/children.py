"""The records created on one record, of several types at once."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import BigAutoField, Q, QuerySet, TextField, Value
from django.db.models.functions import Cast

from kanal.core import registry
from kanal.core.access.queryset import condition_for
from kanal.core.query.compiled import Param, compiled


@dataclass(frozen=True)
class Child:
    """A record that references another one: its type's key, id and title, its author's id, and when it was created."""

    key: str
    pk: int
    title: str
    author: int | None
    at: datetime


def children_of(user: Any, columns: tuple[tuple[str, str], ...], pk: int, limit: int) -> list[Child]:
    """Return the newest records that reference one record and are visible to the user, with one query for all types.

    `columns` names the types and the columns that reference it, as (type, column).
    """
    if not columns:
        return []
    shape = tuple((key, column, condition_for(user, registry.get(key))) for key, column in columns)
    return [Child(*row) for row in compiled(union_of, shape, limit).ask(pk=pk)]


def union_of(shape: tuple[tuple[str, str, Q | None], ...], limit: int) -> QuerySet:
    """Return the query of the newest records of several types, each by its column and condition."""
    first, *others = (newest_in(key, column, condition, limit) for key, column, condition in shape)
    return first.union(*others, all=True).order_by("-created_at")[:limit] if others else first


def newest_in(key: str, column: str, condition: Q | None, limit: int) -> QuerySet:
    """Return the query of a type's newest records that reference one record."""
    entity = registry.get(key)
    records = entity.model._default_manager.filter(**{column: Param("pk", BigAutoField())})
    if condition is not None:
        records = records.filter(condition)
    named = records.annotate(child_type=Value(key, TextField()), child_title=Cast(entity.title, TextField()))
    return named.order_by("-created_at", "-pk").values_list(
        "child_type", "pk", "child_title", "created_by_id", "created_at"
    )[:limit]
