"""Delete words of a forgotten person's name that no search entry contains anymore (LEAD-8)."""

from django.db import connection

from kanal.core.privacy import Forgotten
from kanal.features.search.words import spellable
from kanal.kit.letters import fold

UNLEARN = """
DELETE FROM search_searchword known WHERE word = ANY(%s)
AND NOT EXISTS (SELECT FROM search_searchentry entry WHERE entry.vector @@ quote_literal(known.word)::tsquery)
"""


def forget_words(*, person: Forgotten) -> None:
    """Delete the words that occurred only in the person's names and values."""
    redactor = person.redactor
    texts = [*redactor.names, *redactor.parts, *redactor.values, *redactor.identifiers]
    words = {word for text in texts for word in spellable(fold(text))}
    with connection.cursor() as cursor:
        cursor.execute(UNLEARN, [sorted(words)])
