"""Finds records of all types by beginnings, numbers or similar names, and only those that a user may see."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from kanal.core import registry
from kanal.core.access import may, visible_to
from kanal.core.entity import Entity
from kanal.features.search.indexing import searched_types
from kanal.features.search.models import SearchEntry
from kanal.features.search.words import asked_words, loose_tsquery, score, tsquery
from kanal.kit.letters import fold

BEGINNINGS = 100
CANDIDATES = 400
EARLY = 4
REACH = 15_000
SHOWN = 24
PER_TYPE = 8
TOO_FEW = 5
ENOUGH = 12
SHORT = 3
COLUMNS = "entity, record_id, title, hint, folded"
BY_WORDS = f"SELECT {COLUMNS} FROM search_searchentry WHERE entity = ANY(%s) AND vector @@ %s::tsquery LIMIT %s"  # noqa: S608
PLACES = "SELECT entity, record_id FROM search_searchentry WHERE entity = ANY(%s) AND vector @@ %s::tsquery"
MATCHES = "vector @@ %s::tsquery"
BY_BEGINNING = f"""
SELECT {COLUMNS} FROM search_searchentry WHERE entity = ANY(%s) AND folded LIKE %s ORDER BY folded USING ~<~ LIMIT %s
"""  # noqa: S608
ALIKE = "SELECT word FROM search_searchword WHERE word %% %s ORDER BY similarity(word, %s) DESC, word LIMIT 4"


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


@dataclass(frozen=True)
class Question:
    """What is asked for: folded, and its words."""

    text: str
    words: list[str]

    @property
    def is_short(self) -> bool:
        """Tell whether it is a few letters, which only name beginnings."""
        return len(self.words) == 1 and len(self.words[0]) < SHORT and not self.words[0].isdigit()


def find(user: Any, text: str, types: list[Entity] | None = None, limit: int = SHOWN) -> list[Hit]:
    """Find records, the best first; words that may have been meant fill up where there are hardly any others."""
    words = asked_words(text)
    types = [entity for entity in types or searched_types() if may(user, entity, "view")]
    if not words or not types:
        return []
    question = Question(" ".join(fold(text).split()), words)
    rows = beginning(types, question)
    hits, is_full = permitted(user, rows, question), len(rows) == BEGINNINGS
    if is_full and len(question.text) <= EARLY and len(hits) >= TOO_FEW:
        return hits[:limit]
    if len(hits) < ENOUGH and not question.is_short:
        hits = merged(hits, behind(user, types, question, is_crowded=is_full and len(hits) < TOO_FEW))
    if len(hits) < TOO_FEW and (loose := meant(words)):
        hits = merged(hits, permitted(user, by_words(types, loose_tsquery(words, loose)), question))
    return hits[:limit]


def behind(user: Any, types: list[Entity], question: Question, *, is_crowded: bool) -> list[Hit]:
    """Find by words; where hardly any of the names that begin so may be seen, the same is true of the words."""
    if is_crowded:
        return within_reach(user, types, question)
    rows = by_words(types, tsquery(question.words))
    hits = permitted(user, rows, question)
    if len(hits) < TOO_FEW and len(rows) == CANDIDATES:
        hits = merged(hits, within_reach(user, types, question))
    return hits


def keys_of(types: list[Entity]) -> list[str]:
    """List the keys of types."""
    return [entity.key for entity in types]


def beginning(types: list[Entity], question: Question) -> list[tuple]:
    """Ask for names that begin with the question; in the order of their index, so it costs the same for any letters."""
    pattern = question.text.replace("\\", "").replace("%", "").replace("_", "") + "%"
    return ask(BY_BEGINNING, [keys_of(types), pattern, BEGINNINGS])


def by_words(types: list[Entity], query: str) -> list[tuple]:
    """Ask for records with words that begin so."""
    return ask(BY_WORDS, [keys_of(types), query, CANDIDATES])


def within_reach(user: Any, types: list[Entity], question: Question) -> list[Hit]:
    """Ask type by type among what the user may see, where a common word has too many others in front.

    Of fewer hits all are looked through, read once. Of more, each type's records that the user sees are looked through
    until some are among the hits, which is soon.
    """
    query, keys = tsquery(question.words), keys_of(types)
    known: dict[str, list[int]] | None = None
    if expected(keys, query) < REACH:
        known = defaultdict(list)
        for key, pk in ask(PLACES, [keys, query]):
            known[key].append(pk)
    rows: list[tuple] = []
    for entity in (one for one in types if known is None or one.key in known):
        hits = SearchEntry.objects.filter(entity=entity.key).extra(where=[MATCHES], params=[query])  # noqa: S610 - fixed
        ids = first_among(visible_to(user, entity), hits, known[entity.key] if known else None)
        found = hits.filter(record_id__in=ids) if ids else hits.none()
        rows += found.values_list("entity", "record_id", "title", "hint", "folded")
        if len(rows) >= ENOUGH:
            break
    return permitted(user, rows, question)


def first_among(records: QuerySet, hits: QuerySet, known: list[int] | None) -> list[int]:
    """Give the ids of some records that are among the hits; `known` are all of them, if there are few."""
    if known is None:
        records = records.filter(pk__in=hits.values("record_id"))
    else:
        where = f'"{records.model._meta.db_table}"."id" = ANY(%s)'
        records = records.extra(where=[where], params=[known])  # noqa: S610 - the name of a table
    return list(records.order_by().values_list("pk", flat=True)[:PER_TYPE])


def expected(keys: list[str], query: str) -> int:
    """Ask the planner how many records have the words."""
    told = ask(f"EXPLAIN (FORMAT json) {PLACES}", [keys, query])
    return int(told[0][0][0]["Plan"]["Plan Rows"])


def meant(words: list[str]) -> dict[str, list[str]]:
    """Give the known words that each misspelled one is like; only those that are not known themselves."""
    found = {}
    for word in words:
        if len(word) >= SHORT and word.isalpha():
            alike = [row[0] for row in ask(ALIKE, [word, word])]
            if alike and not alike[0].startswith(word):
                found[word] = alike
    return found


def merged(first: list[Hit], second: list[Hit]) -> list[Hit]:
    """Join hits, each once, the best first."""
    known = {(hit.entity.key, hit.id) for hit in first}
    found = first + [hit for hit in second if (hit.entity.key, hit.id) not in known]
    return few_of_each(sorted(found, key=lambda hit: (-hit.rank, len(hit.title), hit.title)))


def ask(sql: str, params: list) -> list[tuple]:
    """Run one question."""
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchall()


def permitted(user: Any, rows: list[tuple], question: Question) -> list[Hit]:
    """Keep what the user may see, the best first, only a few of each type."""
    ids = defaultdict(set)
    for key, pk, *_rest in rows:
        ids[key].add(pk)
    seen = {
        key: set(visible_to(user, registry.get(key)).filter(pk__in=pks).values_list("pk", flat=True))
        for key, pks in ids.items()
    }
    return merged(
        [],
        [
            Hit(registry.get(key), pk, title, hint, score(folded, question.text, question.words))
            for key, pk, title, hint, folded in rows
            if pk in seen[key]
        ],
    )


def few_of_each(hits: list[Hit]) -> list[Hit]:
    """Keep the first hits of each type."""
    count: dict[str, int] = defaultdict(int)
    found = []
    for hit in hits:
        count[hit.entity.key] += 1
        if count[hit.entity.key] <= PER_TYPE:
            found.append(hit)
    return found
