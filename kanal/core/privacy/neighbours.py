"""Records near a person that don't depend on theirs: their account, and its events."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from kanal.core.privacy.person import Ids
from kanal.kit.registries import Registry


@dataclass(frozen=True)
class Neighbours:
    """Records of a type near a person. `find(record)` returns their ids.

    With `is_redacted`, the person is redacted in their texts, otherwise only in their history, files and comments.
    """

    find: Callable[[Any], set[int]]
    is_redacted: bool = True


_neighbours: Registry[Neighbours] = Registry("neighbours of a person", lambda near: "" if near.is_redacted else "kept")


def register_neighbours(key: str, find: Callable[[Any], set[int]], *, is_redacted: bool = True) -> Neighbours:
    """Register how to find the records of a type near a person."""
    return _neighbours.register(key, Neighbours(find, is_redacted))


def neighbours_of(record: Any) -> Ids:
    """Return the records near a person, ids by type."""
    ids_by_type = {key: _neighbours[key].find(record) for key in _neighbours}
    return {key: ids for key, ids in ids_by_type.items() if ids}


def keeps_texts(key: str) -> bool:
    """Return whether records of a type retain their texts when a person near them is erased."""
    registration = _neighbours.get(key)
    return registration is not None and not registration.is_redacted
