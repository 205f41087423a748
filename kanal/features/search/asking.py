"""The statements that search asks: by the beginning of a name, by words, by first letters within a scope."""

from dataclasses import dataclass
from typing import Any

from django.db import connections, router

from kanal.core.entity import Entity
from kanal.features.search.models import SearchEntry
from kanal.features.search.words import Meanings, head_of, heads_query, patterns, tsquery

BEGINNINGS = 100
CANDIDATES = 400
SOME = "some"
FOUND = "SELECT entity, record_id, title, hint, folded FROM search_searchentry WHERE entity = ANY(%s)"
BY_BEGINNING = f"{FOUND} AND folded LIKE %s ORDER BY folded USING ~<~ LIMIT %s"
MATCHES = "vector @@ %s::tsquery"
BY_HEADS = f"{FOUND} AND kanal_search_keys(words, scope, record_id) @@ %s::tsquery"
BEGINS_SO = " AND ' ' || words LIKE ANY(%s)"
PLACES = "SELECT entity, record_id FROM search_searchentry WHERE entity = ANY(%s) AND "
ALIKE = "SELECT word FROM search_searchword WHERE word %% %s ORDER BY similarity(word, %s) DESC, word LIMIT 4"
Row = tuple[Any, ...]


@dataclass(frozen=True)
class Part:
    """A part of a statement, with its parameters."""

    sql: str
    params: list[Any]


def ask(sql: str, params: list[Any]) -> list[Row]:
    """Run one question where the entries are read: on the replica, if the page may lag."""
    with connections[router.db_for_read(SearchEntry)].cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchall()


def ask_all(parts: list[Part]) -> list[Row]:
    """Run some questions with the same columns as one statement."""
    if not parts:
        return []
    return ask(" UNION ALL ".join(f"({part.sql})" for part in parts), [one for part in parts for one in part.params])


def keys_of(types: list[Entity]) -> list[str]:
    """List the keys of types."""
    return [entity.key for entity in types]


def beginning(types: list[Entity], text: str) -> Part:
    """Ask for names that begin so; in the order of their index, so it costs the same for any letters."""
    pattern = text.replace("\\", "").replace("%", "").replace("_", "") + "%"
    return Part(BY_BEGINNING, [keys_of(types), pattern, BEGINNINGS])


def by_words(types: list[Entity], meanings: Meanings) -> Part:
    """Ask for records with words that begin so."""
    matching = matches(meanings)
    return Part(f"{FOUND} AND {matching.sql} LIMIT %s", [keys_of(types), *matching.params, CANDIDATES])


def matches(meanings: Meanings) -> Part:
    """Write the condition that an entry has words that begin so; words of a few letters are looked for in it."""
    short = patterns([words for words in meanings if not head_of(min(words, key=len))])
    if len(short) == len(meanings):
        short = []
    return Part(MATCHES + BEGINS_SO * len(short), [tsquery(meanings), *short])


def by_heads(types: list[Entity], meanings: Meanings, scope: frozenset[str]) -> Part | None:
    """Ask for records with words that begin so, among those with a word of a scope; nothing if all are too short.

    The index knows the first letters; what begins like more of them is looked for in the entries that it yields.
    """
    query = heads_query(meanings, scope)
    if not query:
        return None
    begun = patterns(meanings)
    return Part(f"{BY_HEADS}{BEGINS_SO * len(begun)} LIMIT %s", [keys_of(types), query, *begun, CANDIDATES])


def expected(types: list[Entity], matching: Part) -> int:
    """Ask the planner how many records have the words."""
    told = ask(f"EXPLAIN (FORMAT json) {PLACES}{matching.sql}", [keys_of(types), *matching.params])
    return int(told[0][0][0]["Plan"]["Plan Rows"])
