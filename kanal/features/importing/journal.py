"""What records held before an import changed them, and what it made of them: shown before, kept to be undone."""

from collections.abc import Iterable, Mapping
from typing import Any

from kanal.core import access
from kanal.core.entity import Entity
from kanal.core.fields import Field
from kanal.core.fields.m2m import read_links

Snapshot = tuple[int, dict[str, Any]]


def snapshots(user: Any, entity: Entity, fields: Mapping[str, Field], ids: Iterable[int]) -> dict[int, Snapshot]:
    """Return the revision and the values of some records, as JSON holds them."""
    wanted = sorted(ids)
    if not wanted:
        return {}
    columns = {column for field in fields.values() for column in field.columns()}
    rows = list(access.visible_to(user, entity).filter(pk__in=wanted).values("id", "revision", *sorted(columns)))
    read_links(fields.values(), rows)
    return {
        row["id"]: (row["revision"], {key: field.dump(field.read(row)) for key, field in fields.items()})
        for row in rows
    }


def differences(before: Snapshot, after: Snapshot) -> dict[str, tuple[Any, Any]]:
    """Return what differs, as {key: (before, after)}."""
    return {key: (value, after[1][key]) for key, value in before[1].items() if after[1][key] != value}
