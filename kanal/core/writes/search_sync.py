"""Notifies search of saved and deleted records, in the same transaction."""

from collections.abc import Iterable
from typing import Any

from kanal.core import events
from kanal.core.entity import Entity


def update_search(entity: Entity, record: Any, changed: Iterable[str]) -> None:
    """Notify search of a saved record. It listens in the same transaction."""
    events.dispatch("record.saved", entity=entity, record=record, changed=set(changed))


def remove_from_search(entity: Entity, pk: int) -> None:
    """Notify search of a deleted record."""
    events.dispatch("record.deleted", entity=entity, pk=pk)
