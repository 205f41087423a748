"""Index words for who may see a record, and which of them an access condition requires.

They're stored next to the words of the name, so that the index returns the few visible records among thousands with
the same name. They only narrow the search: the access layer decides whether a record is visible (ACC-7).
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
    """The records that a condition permits: those with one of the words, and no others if it `is_whole`."""

    words: frozenset[str] = frozenset()
    is_whole: bool = False


UNKNOWN = AclTokens()
NONE = AclTokens(is_whole=True)


@cache
def scope_columns(entity: Entity) -> dict[str, str]:
    """Map a type's own columns that determine visibility to the names of their words."""
    scope = entity.scope
    named = [("owner_ids" if hasattr(entity.model, "owner_ids") else "", OWNER), (scope.project, PROJECT)]
    named += [*((path, PARTNER) for path in scope.partner), (scope.private, PRIVATE), (scope.shared, SHARED)]
    return {column: name for column, name in named if column and "__" not in column}


def words_of_scope(entity: Entity, values: Mapping[str, Any]) -> str:
    """Return a record's words from the values of its `scope_columns`."""
    return " ".join(word for column, name in scope_columns(entity).items() for word in words_for(name, values[column]))


def words_for(name: str, value: Any) -> list[str]:
    """Return the words for a column's value: an id, several ids, true, or nothing."""
    if isinstance(value, bool):
        return [name] if value else []
    ids: Iterable[Any] = value if isinstance(value, list | tuple) else [value]
    return [f"{name}{pk}" for pk in ids if pk is not None]


def acl_tokens_of(entity: Entity, condition: AccessCondition) -> AclTokens:
    """Return the words of the records that a condition permits."""
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
    """Return the words of the records with one of some values in a column."""
    word = scope_columns(entity).get(condition.column)
    if word is None or None in condition.values:
        return UNKNOWN
    words = [token for value in condition.values for token in words_for(word, value)]
    return AclTokens(frozenset(words), is_whole=True)
