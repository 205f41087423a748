"""Words that say who may see a record, and which of them a condition of the access layer asks for.

They stand in the entries beside the words of the name, so that the index yields the few records of one's own among
thousands that are called alike. They only narrow: whether a record is seen is decided by the access layer (ACC-7).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.db.models import Q

from kanal.core.access.condition import NOTHING, AccessCondition
from kanal.core.entity import Entity

OWNER, PROJECT, PARTNER, PRIVATE, SHARED = "owner", "project", "partner", "private", "shared"


@dataclass(frozen=True)
class AclTokens:
    """Which records a condition lets through: those with one of the words, and no others if it `is_whole`."""

    words: frozenset[str] = frozenset()
    is_whole: bool = False


UNKNOWN = AclTokens()
NONE = AclTokens(is_whole=True)


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


def acl_tokens_of(entity: Entity, condition: AccessCondition) -> AclTokens:
    """Return which words the records have that a condition lets through."""
    if condition.column:
        return tokens_of_comparison(entity, condition)
    parts = [acl_tokens_of(entity, part) for part in condition.parts]
    if condition.connector == Q.OR:
        return AclTokens(frozenset().union(*(part.words for part in parts)), all(part.is_whole for part in parts))
    whole = [part for part in parts if part.is_whole]
    if whole:
        return min(whole, key=lambda part: len(part.words))
    return next((part for part in parts if part.words), NONE if condition is NOTHING else UNKNOWN)


def tokens_of_comparison(entity: Entity, condition: AccessCondition) -> AclTokens:
    """Return which words the records have of which a column has one of some values."""
    word = scope_columns(entity).get(condition.column)
    if word is None or None in condition.values:
        return UNKNOWN
    words = [token for value in condition.values for token in words_for(word, value)]
    return AclTokens(frozenset(words), is_whole=True)
