"""How the history of one record is read: entries with the fields that the reader may see."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import BigIntegerField, QuerySet

from kanal.core import access, registry
from kanal.core.entity import Entity
from kanal.core.fields import Field
from kanal.core.models import Change
from kanal.core.query.composed import Place, composed


@dataclass(frozen=True)
class Difference:
    """One field of an entry; old and new as JSON, None for nothing."""

    field: Field
    old: Any
    new: Any


@dataclass(frozen=True)
class Entry:
    """One change of a record: who (id and name), when, by what means and verb, and which fields."""

    id: int
    at: dt.datetime
    kind: str
    actor_id: int | None
    actor: str
    means: str
    verb: str
    differences: tuple[Difference, ...]


def entries_of(user: Any, entity: Entity, pk: int, *, limit: int = 100, before: int | None = None) -> list[Entry]:
    """Give the newest entries of a record, without the fields that the user may not read (HIST-1)."""
    rows = composed(changes_of, entity.key, limit, bool(before)).ask(record=pk, before=before)
    fields = by_column(access.readable_fields(user, entity))
    names = actor_names(row.actor_id for row in rows)
    found = []
    for row in rows:
        differences = tuple(differences_of(row, fields))
        if differences or row.kind != Change.Kind.CHANGED:
            found.append(
                Entry(
                    row.pk,
                    row.at,
                    row.kind,
                    row.actor_id,
                    names.get(row.actor_id, ""),
                    row.means,
                    row.verb,
                    differences,
                )
            )
    return found


def changes_of(key: str, limit: int, is_further: bool) -> QuerySet:
    """Give the query of the newest changes of a record, or of those before a place."""
    kept = Change.objects.filter(entity=key, record_id=Place("record", BigIntegerField()))
    if is_further:
        kept = kept.filter(pk__lt=Place("before", BigIntegerField()))
    return kept.order_by("-id")[:limit]


def actor_names(ids: Iterable[int | None]) -> dict[Any, str]:
    """Give the names of users, also of those who left."""
    return access.titles_of(None, registry.get("users"), filter(None, ids))


def by_column(fields: dict[str, Field]) -> dict[str, Field]:
    """Index fields by what their column is called in the history."""
    found = {}
    for key, field in fields.items():
        if field.kind.family == "relation" or field.has_rows:
            found[f"{key}_id"] = field
        found[key] = field
    return found


def with_days(values: dict[str, Any], fields: dict[str, Field]) -> dict[str, Any]:
    """Let a whole day stand for the moment by which it is only sorted."""
    days = {key: values[field.day] for key, field in fields.items() if field.day and values.get(field.day)}
    return {**values, **days}


def differences_of(row: Change, fields: dict[str, Field]) -> Any:
    """List the readable fields of a change."""
    old, new = with_days(row.old or {}, fields), with_days(row.new or {}, fields)
    for key in dict.fromkeys([*new, *old]):
        field = fields.get(key)
        if field is not None and not (row.kind == Change.Kind.CREATED and new.get(key) in (None, "", [], {}, False)):
            yield Difference(field, old.get(key), new.get(key))
