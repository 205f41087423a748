"""Records near a person that don't stand on theirs: the account they belong to, and what happened with it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from kanal.core.privacy.person import Ids
from kanal.kit.registries import Registry


@dataclass(frozen=True)
class Neighbours:
    """Records of a type near a person: `find(record)` returns their ids.

    Where `is_redacted`, the person is taken out of their texts, else of their history, files and comments alone.
    """

    find: Callable[[Any], set[int]]
    is_redacted: bool = True


_neighbours: Registry[Neighbours] = Registry("neighbours of a person", lambda near: "" if near.is_redacted else "kept")


def register_neighbours(key: str, find: Callable[[Any], set[int]], *, is_redacted: bool = True) -> Neighbours:
    """Register which records of a type are near a person."""
    return _neighbours.register(key, Neighbours(find, is_redacted))


def neighbours_of(record: Any) -> Ids:
    """Return the records near a person, ids by type."""
    ids_by_type = {key: _neighbours[key].find(record) for key in _neighbours}
    return {key: ids for key, ids in ids_by_type.items() if ids}


def keeps_texts(key: str) -> bool:
    """Return whether records of a type keep their texts when a person near them is forgotten."""
    registration = _neighbours.get(key)
    return registration is not None and not registration.is_redacted
