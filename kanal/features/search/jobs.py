"""The job that rebuilds a type's entries after its searchable fields changed."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection
from django.utils.translation import gettext_lazy as _

from kanal.core import registry
from kanal.core.cache import SECONDS, invalidate
from kanal.core.entity import Entity
from kanal.core.jobs import job
from kanal.features.search.indexing import is_searched, rebuild

# Writers may use rules cached for this long, as may an entry that a rebuild has already passed.
SETTLED_SECONDS = int(SECONDS) + 1


@job("search.rebuild", label=_("Search index"))
def rebuild_type(entity_key: str) -> None:
    """Rebuild the entries of a type. Rebuilds run one at a time, each with the rules at its start."""
    with one_at_a_time(entity_key):
        invalidate()
        rebuild(registry.get(entity_key))


@contextmanager
def one_at_a_time(entity_key: str) -> Iterator[None]:
    """Block other rebuilds of the type: one with older rules would restore hidden values."""
    key = f"search.rebuild.{entity_key}"
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(hashtextextended(%s, 0))", [key])
        try:
            yield
        finally:
            cursor.execute("SELECT pg_advisory_unlock(hashtextextended(%s, 0))", [key])


def fields_limited(*, entity: Entity) -> None:
    """Remove a field hidden from anyone from the index, or add it back, so that nobody can probe it (ACC-6).

    Repeats a little later, when no process has the old rules cached.
    """
    if is_searched(entity):
        rebuild_type.defer(entity_key=entity.key)
        rebuild_type.configure(schedule_in={"seconds": SETTLED_SECONDS}).defer(entity_key=entity.key)
