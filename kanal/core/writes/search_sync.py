"""Tells search of saved and deleted records, in the same transaction."""

from collections.abc import Iterable
from typing import Any

from kanal.core import events
from kanal.core.entity import Entity


def update_search(entity: Entity, record: Any, changed: Iterable[str]) -> None:
    """Tell search what a record is found by now; it listens in the same transaction."""
    events.dispatch("record.saved", entity=entity, record=record, changed=set(changed))


def remove_from_search(entity: Entity, pk: int) -> None:
    """Tell search that a record is gone."""
    events.dispatch("record.deleted", entity=entity, pk=pk)
