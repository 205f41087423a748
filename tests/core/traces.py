"""All that making records leaves behind, ids and moments apart, so that two ways to make them can be compared."""

import re
from collections.abc import Callable, Sequence
from itertools import count
from typing import Any

from django.db import connection, transaction

from kanal.core import access, writes
from kanal.core.actor import Actor
from kanal.core.cache import invalidate
from kanal.core.entity import Entity
from kanal.core.fields import fields_of
from kanal.core.models import Change, Series
from kanal.features.search.models import SearchEntry
from kanal.kit.errors import KanalError

MOMENT = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d\.\d+.*")
far = count(10**9, 10**5)  # no other ids are like those that come behind one of these
Items = Sequence[dict[str, Any]]


def one_by_one(entity: Entity, items: Items, by: Actor) -> dict[int, str]:
    """Make records by the single write path; return what was wrong with which."""
    problems, clean_context = {}, access.clean_context(by.user)
    for place, values in enumerate(items):
        try:
            with transaction.atomic():
                writes.create(entity, values, by=by, context=clean_context)
        except KanalError as problem:
            problems[place] = told(problem)
    return problems


def together(entity: Entity, items: Items, by: Actor) -> dict[int, str]:
    """Make the same records at once; return what was wrong with which."""
    outcome = writes.create_many(entity, items, by=by, strict=False)
    return {place: told(outcome.problems[place]) for place in sorted(outcome.problems)}


def told(problem: KanalError) -> str:
    """Return what kind of refusal it is, and of what."""
    return f"{type(problem).__name__} {getattr(problem, 'errors', problem)}"


def left_by(make: Callable[..., dict[int, str]], entity: Entity, items: Items, by: Actor) -> dict[str, Any]:
    """Make records and undo it; return what had been there then: records, links, history, search, numbers."""
    invalidate()
    start = next(far)
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT setval(pg_get_serial_sequence(%s, 'id'), %s)", [entity.model._meta.db_table, start])
        problems = make(entity, items, by)
        rows = list(entity.model._default_manager.filter(pk__gt=start).order_by("pk"))
        result = {"problems": problems, **traces(entity, rows)}
        transaction.set_rollback(True)
    invalidate()
    return result


def traces(entity: Entity, rows: Sequence[Any]) -> dict[str, Any]:
    """Return what is stored of some new records."""
    places = {row.pk: f"#{place}" for place, row in enumerate(rows)}
    secret = {field.key for field in fields_of(entity).values() if field.is_secret} | {"password"}
    columns = [column.attname for column in entity.model._meta.concrete_fields if column.attname not in secret]
    links = [field for field in fields_of(entity).values() if field.type.category == "relations"]
    changes = Change.objects.filter(entity=entity.key, record_id__in=places).order_by("record_id", "id")
    entries = SearchEntry.objects.filter(entity=entity.key, record_id__in=places).order_by("record_id")
    traces_by_name = {
        "records": [{name: getattr(row, name) for name in columns} for row in rows],
        "links": [{field.key: field.get(row) for field in links} for row in rows],
        "history": [
            (change.record_id, change.kind, change.actor_id, change.means, change.verb, change.old, change.new)
            for change in changes
        ],
        "search": [(entry.record_id, entry.title, entry.hint, entry.folded, entry.words.split()) for entry in entries],
        "series": dict(Series.objects.values_list("name", "last")),
    }
    return {name: plain(value, places) for name, value in traces_by_name.items()}


def plain(value: Any, places: dict[int, str]) -> Any:
    """Put a place in the stead of each new id, and drop the moments at which something was written."""
    if isinstance(value, dict):
        return {key: plain(inner, places) for key, inner in value.items() if key != "key" or len(str(inner)) < 40}
    if isinstance(value, list | tuple | set):
        return [plain(item, places) for item in value]
    if isinstance(value, int) and not isinstance(value, bool):
        return places.get(value, value)
    if isinstance(value, str) and value.lstrip("#").isdigit():
        return places.get(int(value.lstrip("#")), value)
    return "moment" if MOMENT.fullmatch(str(value)) else value
