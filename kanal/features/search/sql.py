"""SQL statements of search: by name prefix, by words, by first letters within a scope."""

from dataclasses import dataclass
from typing import Any

from django.db import connections, router

from kanal.core.entity import Entity
from kanal.features.search.models import SearchEntry
from kanal.features.search.words import Meanings, head_of, heads_query, patterns, tsquery

CANDIDATES = 400
NEAR = 2000
SOME = "some"
COLUMNS = "entity, record_id, title, hint, folded"
FOUND = f"SELECT {COLUMNS} FROM search_searchentry WHERE entity = ANY(%s)"  # noqa: S608
BY_BEGINNING = f"""
SELECT found.* FROM unnest(%s::text[]) type CROSS JOIN LATERAL (
  SELECT {COLUMNS} FROM search_searchentry WHERE entity = type AND folded LIKE %s ORDER BY folded USING ~<~ LIMIT %s
) found
"""  # noqa: S608
RANKED = f"""
SELECT {COLUMNS} FROM (
  SELECT found.*, row_number() OVER (PARTITION BY entity ORDER BY folded LIKE %s DESC, length(title)) AS place
  FROM ({{sql}} LIMIT %s) found
) ranked WHERE place <= %s
"""  # noqa: S608
MATCHES = "vector @@ %s::tsquery"
BY_HEADS = f"{FOUND} AND kanal_search_keys(words, scope, record_id) @@ %s::tsquery"
BEGINS_SO = " AND ' ' || words LIKE ANY(%s)"
PLACES = "SELECT entity, record_id FROM search_searchentry WHERE entity = ANY(%s) AND "
ALIKE = "SELECT word FROM search_searchword WHERE word %% %s ORDER BY similarity(word, %s) DESC, word LIMIT 4"
Row = tuple[Any, ...]


@dataclass(frozen=True)
class Breadth:
    """How many entries of each type to read: by name prefix, and the best by words."""

    names: int
    best: int


# Users who see everything or only their own records need no more than are shown; few others' records are visible.
FEW_OF_EACH = Breadth(20, 50)
MANY_OF_EACH = Breadth(100, CANDIDATES)


@dataclass(frozen=True)
class Part:
    """Part of a statement with its parameters."""

    sql: str
    params: list[Any]


def run_query(sql: str, params: list[Any]) -> list[Row]:
    """Run a query on the entries' database: the replica, if the page may lag."""
    with connections[router.db_for_read(SearchEntry)].cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchall()


def ask_all(parts: list[Part]) -> list[Row]:
    """Run several queries with the same columns as one statement."""
    if not parts:
        return []
    return run_query(
        " UNION ALL ".join(f"({part.sql})" for part in parts), [param for part in parts for param in part.params]
    )


def entity_keys(types: list[Entity]) -> list[str]:
    """Return the keys of types."""
    return [entity.key for entity in types]


def beginning_with(text: str) -> str:
    """Return the LIKE pattern of a name prefix."""
    return text.replace("\\", "").replace("%", "").replace("_", "") + "%"


def beginning(types: list[Entity], text: str, most: int) -> Part:
    """Query the first names of each type with a prefix, in index order, so that all cost the same."""
    return Part(BY_BEGINNING, [entity_keys(types), beginning_with(text), most])


def ranked(part: Part, text: str, most: int, best: int) -> Part:
    """Query the best of each type: names with the prefix, then short ones."""
    return Part(RANKED.format(sql=part.sql), [beginning_with(text), *part.params, most, best])


def by_words(types: list[Entity], meanings: Meanings, text: str, best: int) -> Part:
    """Query records with words that have these prefixes."""
    matching = matches(meanings)
    part = Part(f"{FOUND} AND {matching.sql}", [entity_keys(types), *matching.params])
    return ranked(part, text, CANDIDATES, best)


def matches(meanings: Meanings) -> Part:
    """Return the condition that an entry has words with these prefixes. Short ones are matched in the text."""
    short = patterns([words for words in meanings if not head_of(min(words, key=len))])
    if len(short) == len(meanings):
        short = []
    return Part(MATCHES + BEGINS_SO * len(short), [tsquery(meanings), *short])


def by_heads(types: list[Entity], meanings: Meanings, text: str, scope: frozenset[str], best: int) -> list[Part]:
    """Query records with word prefixes among those with a word of a scope. Empty if all are too short.

    The index only contains first letters; longer prefixes are matched in the entries it returns.
    """
    query = heads_query(meanings, scope)
    if not query or not types:
        return []
    begun = patterns(meanings)
    part = Part(f"{BY_HEADS}{BEGINS_SO * len(begun)}", [entity_keys(types), query, *begun])
    return [ranked(part, text, CANDIDATES if SOME in scope else NEAR, best)]


def expected(types: list[Entity], matching: Part) -> int:
    """Return the planner's estimate of the number of matching records."""
    plan = run_query(f"EXPLAIN (FORMAT json) {PLACES}{matching.sql}", [entity_keys(types), *matching.params])
    return int(plan[0][0][0]["Plan"]["Plan Rows"])
