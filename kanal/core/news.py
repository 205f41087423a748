"""Which records others have changed since a reader last looked at them, as a condition for the database (DET-7).

Only what the reader may see counts: the history of readable fields, and what other apps add, such as comments.
"""

from collections.abc import Callable, Iterable
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
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


def news_condition(user: Any, entity: Entity) -> Q:
    """Return the condition for records with news for a user: since their last look, or else in the last 30 days."""
    recent = timezone.now().replace(second=0, microsecond=0) - NEVER
    visits = Visit.objects.order_by().filter(user_id=user.pk, entity=entity.key)
    looked_at, found = Q(pk__in=visits.values("record_id")), Q(pk__in=[])
    for source in (changes_by_others, *_sources.values()):
        rows = source(user, entity)
        if rows is None:
            continue
        since = rows.filter(record_id=OuterRef("record_id"), at__gt=OuterRef("at"))
        found |= Q(pk__in=visits.filter(Exists(since)).values("record_id"))
        found |= ~looked_at & Q(pk__in=rows.filter(at__gt=recent).values("record_id"))
    return found


def read_news(user: Any, fields: Iterable[Any], rows: list[dict]) -> None:
    """Add to some rows of plain values whether the records have news, with one query, if a field shows it."""
    entity = next((field.type.entity for field in fields if isinstance(field.type, NewsType)), None)
    if entity is None or user is None or not rows:
        return
    records = entity.model._default_manager.order_by().filter(pk__in=[row["id"] for row in rows])
    with_news = set(records.filter(news_condition(user, entity)).values_list("pk", flat=True))
    for row in rows:
        row[NEWS] = row["id"] in with_news
