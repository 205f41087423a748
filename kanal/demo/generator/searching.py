"""Creation of search entries for generated records."""

import time
from itertools import islice

from django.db import connection, transaction

from kanal.core.entity import Entity
from kanal.demo.generator.loading import BLOCK, Tell
from kanal.features.search import indexing

TABLE = indexing.SearchEntry._meta.db_table


@transaction.atomic
def make_searchable(entity: Entity, words: set[str], tell: Tell) -> None:
    """Rewrite all entries of a type, and collect the words of the names."""
    if not indexing.is_searched(entity):
        return
    began, done, entries = time.monotonic(), 0, indexing.entries(entity)
    with connection.cursor() as cursor:
        cursor.execute(f'DELETE FROM "{TABLE}" WHERE entity = %s', [entity.key])  # noqa: S608 - a table name
    while block := list(islice(entries, BLOCK)):
        indexing.copy_entries(block)
        words |= indexing.words_in(block)
        done += len(block)
    tell(f"{TABLE}: {done:,} {entity.plural} in {time.monotonic() - began:.1f} s")


@transaction.atomic
def learn(words: set[str]) -> None:
    """Store words of names, used to correct misspelled ones."""
    indexing.learn(words)
