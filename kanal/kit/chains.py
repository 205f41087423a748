"""Hierarchies of records: ancestors, and detection of cycles."""

from collections.abc import Iterator
from typing import Any

DEEPEST = 50


def above(item: Any, parent: str = "parent") -> Iterator[Any]:
    """Yield the ancestors of an item, nearest first. Stops after 50, so that a cycle ends."""
    for _step in range(DEEPEST):
        item = getattr(item, parent)
        if item is None:
            return
        yield item


def is_below_itself(record: Any, parent: str = "parent") -> bool:
    """Return whether a stored record is its own ancestor."""
    return record.pk is not None and any(other.pk == record.pk for other in above(record, parent))
