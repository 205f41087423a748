"""The statements that search asks: by the beginning of a name, by words, by first letters within a scope."""

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
    """How many of each type are looked at: names that begin so, and the best of what was found by words."""

    names: int
    best: int


# Who sees all, or what is their own, needs no more than are shown; of others' records hardly any may be seen.
FEW_OF_EACH = Breadth(20, 50)
MANY_OF_EACH = Breadth(100, CANDIDATES)


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
    return ask(
        " UNION ALL ".join(f"({part.sql})" for part in parts), [param for part in parts for param in part.params]
    )


def keys_of(types: list[Entity]) -> list[str]:
    """List the keys of types."""
    return [entity.key for entity in types]


def beginning_with(text: str) -> str:
    """Write the pattern of names that begin so."""
    return text.replace("\\", "").replace("%", "").replace("_", "") + "%"


def beginning(types: list[Entity], text: str, most: int) -> Part:
    """Ask for names that begin so, the first of each type; in the order of their index, so any cost the same."""
    return Part(BY_BEGINNING, [keys_of(types), beginning_with(text), most])


def ranked(part: Part, text: str, most: int, best: int) -> Part:
    """Ask for the best of each type among some: names that begin so, then short ones."""
    return Part(RANKED.format(sql=part.sql), [beginning_with(text), *part.params, most, best])


def by_words(types: list[Entity], meanings: Meanings, text: str, best: int) -> Part:
    """Ask for records with words that begin so."""
    matching = matches(meanings)
    part = Part(f"{FOUND} AND {matching.sql}", [keys_of(types), *matching.params])
    return ranked(part, text, CANDIDATES, best)


def matches(meanings: Meanings) -> Part:
    """Write the condition that an entry has words that begin so; words of a few letters are looked for in it."""
    short = patterns([words for words in meanings if not head_of(min(words, key=len))])
    if len(short) == len(meanings):
        short = []
    return Part(MATCHES + BEGINS_SO * len(short), [tsquery(meanings), *short])


def by_heads(types: list[Entity], meanings: Meanings, text: str, scope: frozenset[str], best: int) -> list[Part]:
    """Ask for records with words that begin so, among those with a word of a scope; nothing if all are too short.

    The index knows the first letters; what begins like more of them is looked for in the entries that it yields.
    """
    query = heads_query(meanings, scope)
    if not query or not types:
        return []
    begun = patterns(meanings)
    part = Part(f"{BY_HEADS}{BEGINS_SO * len(begun)}", [keys_of(types), query, *begun])
    return [ranked(part, text, CANDIDATES if SOME in scope else NEAR, best)]


def expected(types: list[Entity], matching: Part) -> int:
    """Ask the planner how many records have the words."""
    plan = ask(f"EXPLAIN (FORMAT json) {PLACES}{matching.sql}", [keys_of(types), *matching.params])
    return int(plan[0][0][0]["Plan"]["Plan Rows"])
