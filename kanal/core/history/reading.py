"""Reading the history of a record: entries with the fields visible to the reader."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import BigIntegerField, QuerySet
from django.utils.translation import gettext as _

from kanal.core import access, registry
from kanal.core.entity import Entity
from kanal.core.fields import Field
from kanal.core.models import Change
from kanal.core.query.compiled import Param, compiled


@dataclass(frozen=True)
class Difference:
    """One field of an entry, with old and new value as JSON (None if empty)."""

    field: Field
    old: Any
    new: Any


@dataclass(frozen=True)
class Entry:
    """One change of a record: user (id and name), time, source and action, fields, and its causes."""

    id: int
    at: dt.datetime
    kind: str
    actor_id: int | None
    actor: str
    means: str
    verb: str
    differences: tuple[Difference, ...]
    chain: tuple[str, ...] = ()


def entries_of(user: Any, entity: Entity, pk: int, *, limit: int = 100, before: int | None = None) -> list[Entry]:
    """Return the newest entries of a record, without fields that the user may not read (HIST-1).

    External users don't see causes: these name the company's internal rules.
    """
    rows = compiled(changes_of, entity.key, limit, bool(before)).ask(record=pk, before=before)
    fields = by_column(access.fields_on(user, entity, pk))
    names, entries = actor_names(user, (row.actor_id for row in rows)), []
    shown = [tuple(differences_of(row, fields)) for row in rows]
    for row, differences in zip(rows, without_hidden_people(user, shown), strict=True):
        if differences or row.kind != Change.Kind.CHANGED:
            entries.append(
                Entry(
                    row.pk,
                    row.at,
                    row.kind,
                    row.actor_id if names.get(row.actor_id) != colleague() else None,
                    names.get(row.actor_id, ""),
                    row.means,
                    row.verb,
                    differences,
                    () if is_external(user) else tuple(row.chain or ()),
                )
            )
    return entries


def changes_of(key: str, limit: int, is_further: bool) -> QuerySet:
    """Return the query of the newest changes of a record, or of those before an id."""
    kept = Change.objects.filter(entity=key, record_id=Param("record", BigIntegerField()))
    if is_further:
        kept = kept.filter(pk__lt=Param("before", BigIntegerField()))
    return kept.order_by("-id")[:limit]


def colleague() -> str:
    """Return the placeholder for an internal user hidden from an external one."""
    return _("Our team")


def is_external(user: Any) -> bool:
    """Return whether the reader is an external user."""
    return user is not None and access.permissions_of(user).is_external


def actor_names(user: Any, ids: Iterable[int | None]) -> dict[Any, str]:
    """Return the names of users, including former ones. Users hidden from an external reader get a neutral word."""
    users = registry.get("users")
    wanted = {pk for pk in ids if pk}
    names = access.display_names(None, users, wanted)
    if not is_external(user):
        return names
    visible_names = access.display_names(user, users, wanted)
    return {pk: visible_names.get(pk) or colleague() for pk in names}


def without_hidden_people(user: Any, entries: list[tuple[Difference, ...]]) -> list[tuple[Difference, ...]]:
    """Return the differences visible to the user: external users don't see ids of users hidden from them."""
    if not is_external(user):
        return entries
    of_users = [difference for entry in entries for difference in entry if difference.field.target == "users"]
    ids = {pk for difference in of_users for value in (difference.old, difference.new) for pk in as_ids(value)}
    visible_ids = set(access.display_names(user, registry.get("users"), ids))
    return [tuple(filter(None, (as_seen(difference, visible_ids) for difference in entry))) for entry in entries]


def as_ids(value: Any) -> list[int]:
    """Return the ids in a relation's value."""
    return [pk for pk in (value if isinstance(value, list) else [value]) if isinstance(pk, int)]


def as_seen(difference: Difference, visible_ids: set[int]) -> Difference | None:
    """Return a difference without hidden ids, or None if nothing remains."""
    if difference.field.target != "users":
        return difference
    values = []
    for value in (difference.old, difference.new):
        left = [pk for pk in as_ids(value) if pk in visible_ids]
        values.append((left or None) if isinstance(value, list) else (left[0] if left else None))
    return Difference(difference.field, *values) if any(values) else None


def by_column(fields: dict[str, Field]) -> dict[str, Field]:
    """Index fields by the name of their column in the history."""
    fields_by_column = {}
    for key, field in fields.items():
        if field.type.category == "relation" or field.has_rows:
            fields_by_column[f"{key}_id"] = field
        fields_by_column[key] = field
    return fields_by_column


def with_days(values: dict[str, Any], fields: dict[str, Field]) -> dict[str, Any]:
    """Replace moments that only serve to sort whole days with those days."""
    days = {key: values[field.day] for key, field in fields.items() if field.day and values.get(field.day)}
    return {**values, **days}


def differences_of(row: Change, fields: dict[str, Field]) -> Any:
    """Yield the readable fields of a change."""
    old, new = with_days(row.old or {}, fields), with_days(row.new or {}, fields)
    for key in dict.fromkeys([*new, *old]):
        field = fields.get(key)
        if field is not None and not (row.kind == Change.Kind.CREATED and new.get(key) in (None, "", [], {}, False)):
            yield Difference(field, old.get(key), new.get(key))
