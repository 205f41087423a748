"""Words that say who may see a record, and which of them a condition of the access layer asks for.

They stand in the entries beside the words of the name, so that the index yields the few records of one's own among
thousands that are called alike. They only narrow: whether a record is seen is decided by the access layer (ACC-7).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.db.models import Q

from kanal.core.entity import Entity

OWNER, PROJECT, PARTNER, PRIVATE, SHARED = "owner", "project", "partner", "private", "shared"


@dataclass(frozen=True)
class AclTokens:
    """Which records a condition lets through: those with one of the words, and no others if it `is_whole`."""

    words: frozenset[str] = frozenset()
    is_whole: bool = False


UNKNOWN = AclTokens()


@cache
def scope_columns(entity: Entity) -> dict[str, str]:
    """Map the columns of a type that say who may see a record to the names of their words; only its own columns."""
    scope = entity.scope
    named = [("owner_ids" if hasattr(entity.model, "owner_ids") else "", OWNER), (scope.project, PROJECT)]
    named += [*((path, PARTNER) for path in scope.partner), (scope.private, PRIVATE), (scope.shared, SHARED)]
    return {column: name for column, name in named if column and "__" not in column}


def words_of_scope(entity: Entity, values: Mapping[str, Any]) -> str:
    """Return the words of a record, of the values of its `scope_columns`."""
    return " ".join(word for column, name in scope_columns(entity).items() for word in words_for(name, values[column]))


def words_for(name: str, value: Any) -> list[str]:
    """Return the words for the value of a column: an id, several ids, yes, or nothing."""
    if isinstance(value, bool):
        return [name] if value else []
    ids: Iterable[Any] = value if isinstance(value, list | tuple) else [value]
    return [f"{name}{pk}" for pk in ids if pk is not None]


def acl_tokens_of(entity: Entity, condition: Q) -> AclTokens:
    """Read from a condition of the access layer which words the records have that it lets through."""
    if condition.negated:
        return UNKNOWN
    parts = [
        acl_tokens_of(entity, part) if isinstance(part, Q) else reach_of_one(entity, *part)  # type: ignore[misc]
        for part in condition.children
    ]
    if condition.connector == Q.OR:
        return AclTokens(frozenset().union(*(part.words for part in parts)), all(part.is_whole for part in parts))
    whole = [part for part in parts if part.is_whole]
    return (
        min(whole, key=lambda part: len(part.words)) if whole else next((part for part in parts if part.words), UNKNOWN)
    )


def reach_of_one(entity: Entity, name: str, value: Any) -> AclTokens:
    """Read one comparison of a condition."""
    if name == "pk__in" and value == []:
        return AclTokens(is_whole=True)
    column, _, lookup = name.rpartition("__") if name.endswith(("__in", "__overlap")) else (name, "", "")
    word = scope_columns(entity).get(column)
    if word is None or not isinstance(value, list if lookup else int) or value is False:
        return UNKNOWN
    return AclTokens(frozenset(words_for(word, value)), is_whole=True)
