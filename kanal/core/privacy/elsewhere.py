"""The person in unrelated records: addresses and numbers in free texts, and in their history."""

from collections.abc import Callable
from typing import Any

from django.db import connection, models
from django.db.models import Q, TextField
from django.db.models.functions import Cast

from kanal.core import registry
from kanal.core.actor import Actor
from kanal.core.entity import Entity
from kanal.core.fields import fields_of
from kanal.core.models import Change
from kanal.core.privacy.person import Forgotten
from kanal.kit.redaction import Redactor

# Fields with a record's own address or number: another record with the same one keeps it.
OWN = frozenset(("email", "phone", "link"))
FREE = frozenset(("text", "long_text"))
# Accounts of internal users belong to them.
APART = frozenset(("users", "groups"))


def redact_elsewhere(person: Forgotten, by: Actor) -> None:
    """Redact the person's addresses and numbers in the free texts of all unrelated records."""
    from kanal.core import writes

    redactor = person.redactor.anywhere
    if redactor.pattern is None:
        return
    for entity in registry.all_entities():
        near = person.related.get(entity.key, set()) | ({person.pk} if entity is person.entity else set())
        if entity.key in APART or not (columns := free_columns(entity)):
            continue
        for row in holding(entity, columns, redactor).exclude(pk__in=near).order_by("pk"):
            changed = {name: redacted(entity, name, getattr(row, name), redactor) for name in columns}
            changed = {name: value for name, value in changed.items() if value != getattr(row, name)}
            if changed:
                writes.update_system_fields(row, by=by, **changed)


def free_columns(entity: Entity) -> list[str]:
    """Return the free-text columns of a type."""
    fields = fields_of(entity).values()
    names = [
        field.column
        for field in fields
        if field.type.key in FREE and not field.is_custom and field.name != "identifier"
    ]
    kept = {column.name: column for column in entity.model._meta.concrete_fields}
    texts = (models.CharField, models.TextField)
    columns = [
        name for name in names
        if isinstance(kept.get(name), texts) and not getattr(kept[name], "generated", False) and not kept[name].unique
    ]  # fmt: skip
    return [*columns, *(["custom"] if any(field.is_custom and field.type.key in FREE for field in fields) else [])]


def holding(entity: Entity, columns: list[str], redactor: Redactor) -> models.QuerySet:
    """Return the query of the records that may contain an address or a number of the person in some columns."""
    conditions = Q()
    rows = entity.model._default_manager.annotate(custom_text=Cast("custom", TextField()))
    for name in columns:
        conditions |= Q(**{f"{'custom_text' if name == 'custom' else name}__iregex": redactor.rough_pattern})
    return rows.filter(conditions)


def redacted(entity: Entity, name: str, value: Any, redactor: Redactor) -> Any:
    """Return a column without data of the person. In custom values only free texts are redacted."""
    if name != "custom":
        return redactor.redact(value) if isinstance(value, str) else value
    fields = fields_of(entity)
    free = {key for key in value if f"custom.{key}" in fields and fields[f"custom.{key}"].type.key in FREE}
    return {key: redactor.redact_json(item) if key in free else item for key, item in value.items()}


def distant_changes(person: Forgotten) -> Any:
    """Yield the history entries of any record that may contain an address or a number of the person."""
    redactor = person.redactor.anywhere
    if redactor.pattern is None:
        return
    pattern = redactor.rough_pattern
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM core_change WHERE old::text ~* %s OR new::text ~* %s", [pattern, pattern])
        ids = [row[0] for row in cursor.fetchall()]
    for row in Change.objects.filter(pk__in=ids).exclude(entity__in=APART).iterator():
        if row.record_id not in person.related.get(row.entity, ()):
            yield row


def without_free_texts(redactor: Redactor) -> Callable[[str, Any], Any]:
    """Return a function that redacts an entry, except for fields with an address of the record itself."""

    def redact(key: str, values: Any) -> Any:
        entity = registry.find(key)
        own = {field.key for field in fields_of(entity).values() if field.type.key in OWN} if entity else set()
        return values and {
            name: value if name in own else redactor.redact_json(value) for name, value in values.items()
        }

    return redact


def gone(entity: Entity, pk: int, links: Callable[[Entity], list[tuple[str, str]]]) -> dict[str, set[int]]:
    """Return the deleted records that depended on one, by type: their history still contains its data (HIST-3)."""
    conditions = Q(pk__in=[])
    for child in registry.all_entities():
        for column, target in links(child):
            if target == entity.key:
                conditions |= Q(entity=child.key, **{f"old__{column}_id": pk})
    ids_by_type: dict[str, set[int]] = {}
    for key, record in Change.objects.filter(conditions, kind=Change.Kind.DELETED).values_list("entity", "record_id"):
        ids_by_type.setdefault(key, set()).add(record)
    return ids_by_type
