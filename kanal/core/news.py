"""Which records others have changed since a reader last looked at them, as a condition for the database (DET-7).

Only what the reader may see counts: the history of readable fields, and what other apps add, such as comments.
"""

import datetime as dt
from collections.abc import Callable, Iterable
from typing import Any

from django.db.models import DateTimeField, Exists, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from kanal.core.access import FieldContext
from kanal.core.entity import Entity
from kanal.core.fields.news import NEWS, NewsType
from kanal.core.history.reading import by_column
from kanal.core.models import Change, Visit
from kanal.core.visits import NEVER
from kanal.kit.registries import Registry

Rows = Callable[[Any, Entity], QuerySet | None]
_sources: Registry[Rows] = Registry("sources of news", lambda rows: rows.__module__)


def add_news_source(key: str, rows: Rows) -> None:
    """Add what counts as news of records.

    `rows(user, entity)` returns what others did on records of a type, as far as the user may see it: rows with a
    `record_id` and the moment `at`. It returns None if there is no such thing for the type.
    """
    _sources.register(key, rows)


def by_others(user: Any, column: str) -> Q:
    """Return the condition for rows that somebody else wrote, or the system."""
    return Q(**{f"{column}__isnull": True}) | ~Q(**{column: user.pk})


def changes_by_others(user: Any, entity: Entity) -> QuerySet:
    """Return the changes by others of fields that a user may read, and records that others created."""
    columns = sorted(by_column(FieldContext(user, entity).askable))
    of_fields = Q(kind=Change.Kind.CREATED) | Q(new__has_any_keys=columns)
    return Change.objects.order_by().filter(of_fields, by_others(user, "actor_id"), entity=entity.key)


def first_moment() -> dt.datetime:
    """Return the moment from which records count that a user never looked at, the same for a minute."""
    return timezone.now().replace(second=0, microsecond=0) - NEVER


def sources_of(user: Any, entity: Entity) -> list[QuerySet]:
    """Return the rows of all sources for a type."""
    every = (source(user, entity) for source in (changes_by_others, *_sources.values()))
    return [rows for rows in every if rows is not None]


def with_news(user: Any, entity: Entity) -> Q:
    """Return the condition for the records with news for a user: since their last look, or else in the last 30 days.

    It collects the ids of all of them, so that a filter doesn't ask for each record of a large table.
    """
    visits = Visit.objects.order_by().filter(user_id=user.pk, entity=entity.key)
    looked_at = visits.values("record_id")
    parts: list[QuerySet] = []
    for rows in sources_of(user, entity):
        since = rows.filter(record_id=OuterRef("record_id"), at__gt=OuterRef("at"))
        parts.append(looked_at.filter(Exists(since)))
        parts.append(rows.filter(at__gt=first_moment()).exclude(record_id__in=looked_at).values("record_id"))
    return Q(pk__in=parts[0].union(*parts[1:], all=True))


def each_with_news(user: Any, entity: Entity) -> Q:
    """Return the same condition, asked for one record after another: for those of a page, and for what it excludes."""
    visits = Visit.objects.order_by().filter(user_id=user.pk, entity=entity.key)
    looked_at = visits.filter(record_id=OuterRef(OuterRef("pk"))).values("at")[:1]
    since, condition = Coalesce(Subquery(looked_at), Value(first_moment(), DateTimeField())), Q(pk__in=[])
    for rows in sources_of(user, entity):
        condition |= Q(Exists(rows.filter(record_id=OuterRef("pk"), at__gt=since)))
    return condition


def read_news(user: Any, fields: Iterable[Any], rows: list[dict]) -> None:
    """Add to some rows of plain values whether the records have news, with one query, if a field shows it."""
    entity = next((field.type.entity for field in fields if isinstance(field.type, NewsType)), None)
    if entity is None or user is None or not rows:
        return
    records = entity.model._default_manager.order_by().filter(pk__in=[row["id"] for row in rows])
    ids = set(records.filter(each_with_news(user, entity)).values_list("pk", flat=True))
    for row in rows:
        row[NEWS] = row["id"] in ids
