"""A user's visibility as search uses it: where to look, and which of the matching records are visible.

Where to look is a hint that may be some seconds old. The access layer checks each record on each search (ACC-7).
"""

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q, QuerySet

from kanal.core import registry
from kanal.core.access.queryset import access_condition, condition_for
from kanal.core.cache import cached
from kanal.core.entity import Entity
from kanal.core.query.compiled import compiled
from kanal.features.search.acl_tokens import PRIVATE, SHARED, UNKNOWN, AclTokens, acl_tokens_of
from kanal.features.search.indexing import searched_types
from kanal.features.search.sql import FEW_OF_EACH, MANY_OF_EACH, Breadth, Part, Row, ask_all

FEW = 4
Groups = dict[frozenset[str], list[Entity]]


@dataclass
class Visibility:
    """Where to search for visible records: types by their scope's words, and types without such words.

    `near` are few words, which the index intersects with the query's words. `far` are those of a large team, with so
    many records that a search without them is faster for a common word. `loose` are the types to search without
    words, `held` those of them that the user can't see completely.
    """

    near: Groups = field(default_factory=dict)
    far: Groups = field(default_factory=dict)
    loose: list[Entity] = field(default_factory=list)
    held: list[Entity] = field(default_factory=list)

    @property
    def breadth(self) -> Breadth:
        """Return the number of entries to read among all."""
        return MANY_OF_EACH if self.held or self.far else FEW_OF_EACH

    def add(self, entity: Entity, reach: AclTokens | None) -> None:
        """Add a type where it's searched. None means all of it."""
        words = reach.words if reach else frozenset()
        if words:
            add_entity(self.near if len(words) <= FEW else self.far, words, entity)
        if reach is None or not reach.is_whole or len(words) > FEW:
            self.loose.append(entity)
        if reach and not reach.is_whole:
            self.held.append(entity)


def add_entity(groups: Groups, words: frozenset[str], entity: Entity) -> None:
    """Add a type to others with the same words. Private and shared records are visible whatever their type."""
    alike = frozenset(word for word in words if not word.startswith((PRIVATE, SHARED)))
    for others in [
        group for group in groups if alike == {word for word in group if not word.startswith((PRIVATE, SHARED))}
    ]:
        words, types = words | others, groups.pop(others)
        groups[words] = [*types, entity]
        return
    groups[words] = [entity]


def visibility_of(user: Any, types: list[Entity]) -> Visibility:
    """Return where to search for a user's visible records of some types."""
    reaches, sight = reaches_of(user), Visibility()
    for entity in types:
        sight.add(entity, reaches.get(entity.key, UNKNOWN))
    return sight


@cached
def reaches_of(user: Any) -> dict[str, AclTokens | None]:
    """Return the user's reach in each searched type from the access layer. None means all except hidden records."""
    reaches: dict[str, AclTokens | None] = {}
    for entity in searched_types():
        condition = access_condition(user, entity)
        reaches[entity.key] = None if condition.hides_little else acl_tokens_of(entity, condition)
    return reaches


def permitted(user: Any, rows: list[Row]) -> set[tuple[str, int]]:
    """Return the type and id of entries whose records exist and are visible to the user, with one statement."""
    ids: dict[str, set[int]] = defaultdict(set)
    for key, pk, *_rest in rows:
        ids[key].add(pk)
    return set(ask_all([part for key, pks in ids.items() if (part := seen_among(user, key, pks))]))


def seen_among(user: Any, key: str, pks: set[int]) -> Part | None:
    """Return a query of a type's visible records. None if the access layer permits none."""
    entity = registry.get(key)
    condition = condition_for(user, entity)
    query = compiled(seen, entity, condition)
    if not query.statement:
        return None
    sql = f"SELECT %s, id FROM ({query.statement}) seen (id) WHERE id = ANY(%s)"  # noqa: S608 - composed by Django
    return Part(sql, [key, *query.given, sorted(pks)])


def seen(entity: Entity, condition: Q | None) -> QuerySet:
    """Return a queryset of the ids that an access condition permits."""
    records = entity.model._default_manager.order_by()
    return (records if condition is None else records.filter(condition)).values_list("pk")
