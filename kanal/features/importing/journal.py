"""Values of records before and after an import, for the preview and to undo it."""

from collections.abc import Iterable, Mapping
from typing import Any

from kanal.core import access
from kanal.core.entity import Entity
from kanal.core.fields import Field
from kanal.core.fields.m2m import read_links

Snapshot = tuple[int, dict[str, Any]]


def snapshots(user: Any, entity: Entity, fields: Mapping[str, Field], ids: Iterable[int]) -> dict[int, Snapshot]:
    """Return the revisions and values of some records, as JSON."""
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
    """Return the differences as {key: (before, after)}."""
    return {key: (value, after[1][key]) for key, value in before[1].items() if after[1][key] != value}
