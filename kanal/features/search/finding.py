"""Search records of all types by prefix, number or similar name, limited to what a user may see."""

from collections import Counter, defaultdict
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import QuerySet

from kanal.core import registry
from kanal.core.access import has_permission, visible_to
from kanal.core.entity import Entity
from kanal.features.search import sql
from kanal.features.search.indexing import searched_types
from kanal.features.search.models import SearchEntry
from kanal.features.search.sql import FEW_OF_EACH, PLACES, SOME, Part, Row, ask_all, entity_keys, run_query
from kanal.features.search.visibility import Groups, Visibility, permitted, visibility_of
from kanal.features.search.words import Meanings, asked_words, head_of, score
from kanal.kit.letters import fold

EARLY = 4
MANY = 40
REACH = 15_000
SHOWN = 24
PER_TYPE = 8
TOO_FEW = 5
ENOUGH = 12
SHORT = 3


@dataclass(frozen=True)
class Hit:
    """A search result."""

    entity: Entity
    id: int
    title: str
    hint: str
    rank: int

    @property
    def url(self) -> str:
        """Return the URL of the record's page."""
        return self.entity.url(self.id)


@dataclass(frozen=True)
class Question:
    """A search query: folded, its words, and the possible meanings of each."""

    text: str
    words: list[str]
    meanings: Meanings

    @property
    def is_short(self) -> bool:
        """Return whether it's only a few letters, which match prefixes of names only."""
        return len(self.words) == 1 and len(self.words[0]) < SHORT and not self.words[0].isdigit()


def search_records(user: Any, text: str, types: list[Entity] | None = None, limit: int = SHOWN) -> list[Hit]:
    """Return the best matches. If there are few, words that are similar to misspelled ones are added."""
    words = asked_words(text)
    types = [entity for entity in types or searched_types() if has_permission(user, entity, "view")]
    if not words or not types:
        return []
    question = Question(" ".join(fold(text).split()), words, [[word] for word in words])
    sight = visibility_of(user, types) if any(map(head_of, words)) else Visibility(loose=types, held=types)
    if question.is_short:
        rows = ask_all([sql.beginning(types, question.text, sql.MANY_OF_EACH.names)])
        return hits_among(user, rows, question)[:limit]
    hits = named_or_worded(user, sight, question)
    if len(hits) < TOO_FEW and (alike := meant(words)):
        question = replace(question, meanings=[[word, *alike.get(word, [])] for word in words])
        rows = ask_all(near(sight.near, question))
        hits = merged(hits, by_words(user, sight, question, hits_among(user, rows, question), is_crowded=False))
    return hits[:limit]


def named_or_worded(user: Any, sight: Visibility, question: Question) -> list[Hit]:
    """Search name prefixes and words near the user; if few are visible, search all words."""
    most = sight.breadth.names
    rows = ask_all([sql.beginning(sight.loose, question.text, most), *near(sight.near, question)])
    hits = hits_among(user, rows, question)
    is_crowded = is_full([row for row in rows if row[-1].startswith(question.text)], sight.loose, most)
    if len(hits) >= ENOUGH or (is_crowded and len(question.text) <= EARLY and len(hits) >= TOO_FEW):
        return hits
    return by_words(user, sight, question, hits, is_crowded=is_crowded)


def by_words(user: Any, sight: Visibility, question: Question, hits: list[Hit], *, is_crowded: bool) -> list[Hit]:
    """Add hits by words: of a common word from a sample of all entries, then those of a team, then the rest."""
    best = sight.breadth.best
    rows = ask_all(sql.by_heads(sight.loose, question.meanings, question.text, frozenset([SOME]), best))
    is_common = len(rows) >= MANY
    if not is_common and sight.loose:
        rows = ask_all([sql.by_words(sight.loose, question.meanings, question.text, best)])
    hits = merged(hits, hits_among(user, rows, question))
    is_cut = is_crowded or is_common or len(rows) >= sql.CANDIDATES or is_full(rows, sight.loose, best)
    if len(hits) < TOO_FEW and is_cut:
        hits = merged(hits, hits_among(user, ask_all(near(sight.far, question)), question))
    if len(hits) < TOO_FEW and is_cut and sight.held:
        hits = merged(hits, within_reach(user, sight.held, question))
    return hits


def near(groups: Groups, question: Question) -> list[Part]:
    """Query records of some types that have one of their scope's words. Nearly all of them are visible."""
    best = FEW_OF_EACH.names
    asked = (sql.by_heads(types, question.meanings, question.text, words, best) for words, types in groups.items())
    return [part for parts in asked for part in parts]


def is_full(rows: list[Row], types: list[Entity], most: int) -> bool:
    """Return whether a type reached the limit of entries, so that there may be more."""
    count = Counter(row[0] for row in rows)
    return any(count[entity.key] >= most for entity in types)


def within_reach(user: Any, types: list[Entity], question: Question) -> list[Hit]:
    """Search type by type among the user's visible records, for common words with too many other matches.

    Few matches are read once and all checked. For more, the visible records of each type are scanned until some match,
    which is soon.
    """
    matching = sql.matches(question.meanings)
    known: dict[str, list[int]] | None = None
    if sql.expected(types, matching) < REACH:
        known = defaultdict(list)
        for key, pk in run_query(PLACES + matching.sql, [entity_keys(types), *matching.params]):
            known[key].append(pk)
    rows: list[Row] = []
    for entity in (entity_type for entity_type in types if known is None or entity_type.key in known):
        hits = SearchEntry.objects.filter(entity=entity.key).extra(where=[matching.sql], params=matching.params)  # noqa: S610
        ids = first_among(visible_to(user, entity), hits, known[entity.key] if known else None)
        matches = hits.filter(record_id__in=ids) if ids else hits.none()
        rows += matches.values_list("entity", "record_id", "title", "hint", "folded")
        if len(rows) >= ENOUGH:
            break
    return hits_among(user, rows, question)


def first_among(records: QuerySet, hits: QuerySet, known: list[int] | None) -> list[int]:
    """Return the ids of some records among the hits. `known` contains all hits if there are few."""
    if known is None:
        records = records.filter(pk__in=hits.values("record_id"))
    else:
        where = f'"{records.model._meta.db_table}"."id" = ANY(%s)'
        records = records.extra(where=[where], params=[known])  # noqa: S610 - a table name
    return list(records.order_by().values_list("pk", flat=True)[:PER_TYPE])


def meant(words: list[str]) -> dict[str, list[str]]:
    """Return known words similar to each misspelled one."""
    spellings = {}
    for word in words:
        if len(word) >= SHORT and word.isalpha():
            alike = [row[0] for row in run_query(sql.ALIKE, [word, word])]
            if alike and not alike[0].startswith(word):
                spellings[word] = alike
    return spellings


def hits_among(user: Any, rows: list[Row], question: Question) -> list[Hit]:
    """Return the entries whose records the user may see, best first, limited per type."""
    visible = permitted(user, rows)
    hits = {
        (key, pk): Hit(registry.get(key), pk, title, hint, score(folded, question.text, question.words))
        for key, pk, title, hint, folded in rows
        if (key, pk) in visible
    }
    return merged([], list(hits.values()))


def merged(first: list[Hit], second: list[Hit]) -> list[Hit]:
    """Merge hits without duplicates, best first."""
    known = {(hit.entity.key, hit.id) for hit in first}
    hits = first + [hit for hit in second if (hit.entity.key, hit.id) not in known]
    return few_of_each(sorted(hits, key=lambda hit: (-hit.rank, len(hit.title), hit.title)))


def few_of_each(hits: list[Hit]) -> list[Hit]:
    """Return the first hits of each type."""
    count: dict[str, int] = defaultdict(int)
    kept = []
    for hit in hits:
        count[hit.entity.key] += 1
        if count[hit.entity.key] <= PER_TYPE:
            kept.append(hit)
    return kept
