"""Things that stand one below the other: what stands above one, and whether it stands above itself."""

from collections.abc import Iterator
from typing import Any

DEEPEST = 50


def above(item: Any, parent: str = "parent") -> Iterator[Any]:
    """Yield what stands above something, the nearest first: 50 at most, so that a circle comes to an end."""
    for _step in range(DEEPEST):
        item = getattr(item, parent)
        if item is None:
            return
        yield item


def is_below_itself(record: Any, parent: str = "parent") -> bool:
    """Return whether a record that is stored stands somewhere above itself."""
    return record.pk is not None and any(other.pk == record.pk for other in above(record, parent))
