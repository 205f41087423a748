"""Visits of records: stored when a page was shown, read for "Since you last looked" and recently viewed records.

A visit is stored by the request that a shown page sends for its news, so that pages themselves write nothing.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.utils import timezone

from kanal.core import registry
from kanal.core.access import may_open, names_by_type
from kanal.core.entity import Entity
from kanal.core.models import Visit

# Looks that follow within this time belong to one sitting: what was new at its beginning stays new until its end.
SITTING = dt.timedelta(minutes=30)
# A row is written at most this often, however often its page is reloaded.
PAUSE = dt.timedelta(minutes=1)
# Who never looked at a record gets the news of this time.
NEVER = dt.timedelta(days=30)
MOST_READ = 60

# In one statement, so that of two requests at once the second sees the row of the first.
STORE = """
INSERT INTO core_visit (user_id, entity, record_id, at) VALUES (%(user)s, %(entity)s, %(record)s, %(now)s)
ON CONFLICT (user_id, entity, record_id) DO UPDATE SET
    before = CASE WHEN core_visit.at < %(now)s - %(sitting)s THEN core_visit.at ELSE core_visit.before END,
    at = %(now)s
WHERE core_visit.at < %(now)s - %(pause)s
"""


@dataclass(frozen=True)
class Viewed:
    """A recently viewed record."""

    entity: Entity
    id: int
    title: str
    at: dt.datetime

    @property
    def url(self) -> str:
        """Return the URL of the record's page."""
        return self.entity.url(self.id)


def store_visit(user: Any, entity: Entity, pk: int) -> None:
    """Store that a user looks at a record now."""
    given = {
        "user": user.pk,
        "entity": entity.key,
        "record": pk,
        "now": timezone.now(),
        "sitting": SITTING,
        "pause": PAUSE,
    }
    with connection.cursor() as cursor:
        cursor.execute(STORE, given)


def last_look(user: Any, entity: Entity, pk: int) -> dt.datetime | None:
    """Return when a user looked at a record before the present sitting, None if never."""
    visit = Visit.objects.filter(user_id=user.pk, entity=entity.key, record_id=pk).first()
    if visit is None:
        return None
    return visit.at if visit.at < timezone.now() - SITTING else visit.before


def recently_viewed(user: Any, limit: int) -> list[Viewed]:
    """Return the records that a user looked at last and can still see, newest first."""
    rows = list(
        Visit.objects.filter(user_id=user.pk).order_by("-at").values_list("entity", "record_id", "at")[:MOST_READ]
    )
    wanted: dict[str, list[int]] = {}
    for key, pk, _at in rows:
        entity = registry.find(key)
        if entity is not None and may_open(user, entity):
            wanted.setdefault(key, []).append(pk)
    names = names_by_type(user, wanted.items())
    viewed = [Viewed(registry.get(key), pk, names[key][pk], at) for key, pk, at in rows if pk in names.get(key, {})]
    return viewed[:limit]
