"""Finds records of all types by beginnings, numbers or similar names, and only those that a user may see."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from django.db import connection

from kanal.core import registry
from kanal.core.access import may, visible_to
from kanal.core.entity import Entity
from kanal.features.search.indexing import searched_types
from kanal.features.search.words import asked_words, score, tsquery
from kanal.kit.text import fold

CANDIDATES = 400
PER_TYPE = 8
TOO_FEW = 5
SHORT = 3
COLUMNS = "entity, record_id, title, hint, folded"
BY_WORDS = f"SELECT {COLUMNS} FROM search_searchentry WHERE entity = ANY(%s) AND vector @@ %s::tsquery LIMIT %s"  # noqa: S608
BY_BEGINNING = f"""
SELECT {COLUMNS} FROM search_searchentry WHERE entity = ANY(%s) AND folded LIKE %s ORDER BY folded USING ~<~ LIMIT %s
"""  # noqa: S608
BY_LIKENESS = f"""
SELECT {COLUMNS} FROM search_searchentry WHERE entity = ANY(%s) AND %s <%% folded
ORDER BY word_similarity(%s, folded) DESC LIMIT %s
"""  # noqa: S608


@dataclass(frozen=True)
class Hit:
    """A record that was found."""

    entity: Entity
    id: int
    title: str
    hint: str
    rank: int

    @property
    def url(self) -> str:
        """Give the address of the record's page."""
        return self.entity.url(self.id)


def find(user: Any, text: str, types: list[Entity] | None = None, limit: int = 24) -> list[Hit]:
    """Find records, the best first; similar names fill up where there are hardly any others."""
    words = asked_words(text)
    types = [entity for entity in types or searched_types() if may(user, entity, "view")]
    if not words or not types:
        return []
    question = " ".join(fold(text).split())
    hits = permitted(user, candidates(types, words, question), question, words)
    if len(hits) < TOO_FEW and len(question) >= SHORT and not question.isdigit():
        known = {(hit.entity.key, hit.id) for hit in hits}
        rows = ask(BY_LIKENESS, [keys_of(types), question, question, 60])
        others = permitted(user, rows, question, words, keep_order=True)
        hits += [hit for hit in others if (hit.entity.key, hit.id) not in known]
    return hits[:limit]


def keys_of(types: list[Entity]) -> list[str]:
    """List the keys of types."""
    return [entity.key for entity in types]


def candidates(types: list[Entity], words: list[str], question: str) -> list[tuple]:
    """Ask the index: a few letters are the beginning of a name, more are beginnings of words anywhere."""
    beginning = question.replace("\\", "").replace("%", "").replace("_", "") + "%"
    rows = ask(BY_BEGINNING, [keys_of(types), beginning, 100])
    if len(words) == 1 and len(words[0]) < SHORT and not words[0].isdigit():
        return rows
    return list(dict.fromkeys([*rows, *ask(BY_WORDS, [keys_of(types), tsquery(words), CANDIDATES])]))


def ask(sql: str, params: list) -> list[tuple]:
    """Run one question."""
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchall()


def permitted(user: Any, rows: list[tuple], question: str, words: list[str], *, keep_order: bool = False) -> list[Hit]:
    """Keep what the user may see, the best first, only a few of each type."""
    ids = defaultdict(set)
    for key, pk, *_rest in rows:
        ids[key].add(pk)
    seen = {
        key: set(visible_to(user, registry.get(key)).filter(pk__in=pks).values_list("pk", flat=True))
        for key, pks in ids.items()
    }
    hits = [
        Hit(registry.get(key), pk, title, hint, score(folded, question, words))
        for key, pk, title, hint, folded in rows
        if pk in seen[key]
    ]
    if not keep_order:
        hits.sort(key=lambda hit: (-hit.rank, len(hit.title), hit.title))
    count: dict[str, int] = defaultdict(int)
    found = []
    for hit in hits:
        count[hit.entity.key] += 1
        if count[hit.entity.key] <= PER_TYPE:
            found.append(hit)
    return found
