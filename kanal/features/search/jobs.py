"""The job that makes a type's entries anew after what may be searched has changed."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection
from django.utils.translation import gettext_lazy as _

from kanal.core import registry
from kanal.core.cache import SECONDS, invalidate
from kanal.core.entity import Entity
from kanal.core.jobs import job
from kanal.features.search.indexing import is_searched, rebuild

# Who writes a record may do so by rules read this long before, and so may an entry that a rebuild has passed already.
SETTLED_SECONDS = int(SECONDS) + 1


@job("search.rebuild", label=_("Search index"))
def rebuild_type(entity_key: str) -> None:
    """Make the entries of a type anew, one rebuild after the other, each by the rules as they stand when it begins."""
    with one_at_a_time(entity_key):
        invalidate()
        rebuild(registry.get(entity_key))


@contextmanager
def one_at_a_time(entity_key: str) -> Iterator[None]:
    """Hold back other rebuilds of the type: one that read older rules would put hidden values back."""
    key = f"search.rebuild.{entity_key}"
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(hashtextextended(%s, 0))", [key])
        try:
            yield
        finally:
            cursor.execute("SELECT pg_advisory_unlock(hashtextextended(%s, 0))", [key])


def fields_limited(*, entity: Entity) -> None:
    """Take a field that is hidden from some out of the index, or back into it, so that nobody probes it (ACC-6).

    Once more a little later, when no process remembers the rules from before.
    """
    if is_searched(entity):
        rebuild_type.defer(entity_key=entity.key)
        rebuild_type.configure(schedule_in={"seconds": SETTLED_SECONDS}).defer(entity_key=entity.key)
