"""Erasing a person (LEAD-8, CONT-3): their record, its history, dependent and nearby records. Notifies features."""

import json
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone

from kanal.core import audit, events, registry
from kanal.core.actor import Actor
from kanal.core.entity import Entity
from kanal.core.fields import Field, fields_of
from kanal.core.models import Change, CustomField
from kanal.core.privacy.elsewhere import distant_changes, gone, redact_elsewhere, without_free_texts
from kanal.core.privacy.neighbours import keeps_texts, neighbours_of
from kanal.core.privacy.person import Forgotten, Ids
from kanal.core.privacy.tables import redact_tables
from kanal.kit.redaction import Redactor, redactor_of

# Custom fields of these kinds are considered personal: they are free text, or reference a person.
PERSONAL_CUSTOM = frozenset(
    ("text", "long_text", "email", "phone", "link", "relation", "user", "contact", "account", "date", "datetime")
)
NAMES = ("first_name", "last_name")
NUMBER = re.compile(r"\+?[\d\s().\-/]{6,}")


@transaction.atomic
def forget_person(record: Any, personal: Iterable[str], *, by: Actor, **columns: Any) -> None:
    """Permanently remove all personal data of a person. `columns` are written with the fields that are cleared."""
    from kanal.core import writes

    entity = registry.of(record)
    assert entity is not None
    fields = [field for key, field in fields_of(entity).items() if key in set(personal)]
    redactor = redactor_for(entity, record, fields)
    person = Forgotten(entity, record.pk, redactor, family_of(entity, record), neighbours_of(record))
    events.dispatch("person.forgetting", person=person, record=record, by=by)
    redact_records(person, by)
    redact_elsewhere(person, by)
    cleared = {field.column: field.type.nothing(field) for field in fields}
    custom = {key: value for key, value in record.custom.items() if key in impersonal(entity)}
    writes.update_system_fields(
        record, by=by, **{**cleared, "custom": custom, "anonymized_at": timezone.now(), **columns}
    )
    events.dispatch("person.forgotten", person=person)
    redact_tables(person)
    by.set_on_connection()
    redact_history(person, [*(field.key for field in fields), *custom_keys(person), entity.title, *columns])
    text = f"{entity.label} #{record.pk}"
    audit.note(audit.Kind.ANONYMIZED, by, text, entity=entity.key, record_id=record.pk)


def impersonal(entity: Entity) -> set[str]:
    """Return the keys of the custom fields without personal data. An inactive field still has its values."""
    rows = CustomField.objects.filter(entity=entity.key).exclude(kind__in=PERSONAL_CUSTOM)
    return set(rows.values_list("key", flat=True))


def custom_keys(person: Forgotten) -> set[str]:
    """Return the keys of personal custom fields in a record's history, including inactive and deleted ones."""
    known = {f"custom.{key}" for key in impersonal(person.entity)}
    rows = Change.objects.filter(entity=person.entity.key, record_id=person.pk).values_list("old", "new")
    return {key for row in rows for values in row for key in values or () if key.startswith("custom.")} - known


def redactor_for(entity: Entity, record: Any, fields: Iterable[Field]) -> Redactor:
    """Return the redactor that recognizes the person by all current and former values of the record."""
    texts_by_kind: dict[str, list[str]] = defaultdict(list)
    people: list[tuple[str, str]] = []
    kinds = {field.key: field.type.key for field in fields}
    for values in versions_of(entity, record, list(kinds)):
        people.append(tuple(str(values.get(key) or "") for key in NAMES))  # type: ignore[arg-type]
        for key, text in texts_in(values):
            if key not in NAMES:
                texts_by_kind[kinds.get(key, "text")].append(text)
    for text in part_texts(entity, record):
        texts_by_kind["phone" if NUMBER.fullmatch(text) else "link" if "/" in text else "text"].append(text)
    texts_by_kind["phone"] += [value for texts in list(texts_by_kind.values()) for value in texts if is_number(value)]
    emails = [value for texts in texts_by_kind.values() for value in texts if "@" in value and " " not in value]
    others = [
        value for kind, texts in texts_by_kind.items() if kind != "phone" for value in texts if value not in emails
    ]
    return redactor_of(
        emails=[*emails, *texts_by_kind["link"]], phones=texts_by_kind["phone"], people=people, values=others
    )


def part_texts(entity: Entity, record: Any) -> Iterator[str]:
    """Yield the current and former texts in parts of a record, such as a contact's additional addresses."""
    for child in registry.all_entities():
        if (child.scope.parent, entity.key) not in relation_columns(child):
            continue
        kept = [field for field in fields_of(child).values() if field.type.key == "text" and not field.is_custom]
        rows = child.model._default_manager.filter(**{child.scope.parent: record.pk})
        yield from (str(field.get(row) or "").strip() for row in rows for field in kept)
        conditions = Q(**{f"new__{child.scope.parent}_id": record.pk}) | Q(
            **{f"old__{child.scope.parent}_id": record.pk}
        )
        parts = Change.objects.filter(conditions, entity=child.key).values("record_id")
        for values in Change.objects.filter(entity=child.key, record_id__in=parts).values_list("old", "new"):
            yield from (str((value or {}).get(field.key) or "").strip() for value in values for field in kept)


def is_number(text: str) -> bool:
    """Return whether a text is a phone number in stored format."""
    return text.startswith("+") and text[1:].isdigit()


def versions_of(entity: Entity, record: Any, keys: list[str]) -> Iterator[dict[str, Any]]:
    """Yield the personal values of a record, current and former, with all custom values."""
    yield {**{key: getattr(record, key, None) for key in keys}, "custom": record.custom}
    merged = {key: getattr(record, key, None) for key in NAMES}
    rows = Change.objects.filter(entity=entity.key, record_id=record.pk).order_by("-id")
    for row in rows.values_list("old", "new"):
        for values in row:
            wanted = {key: value for key, value in (values or {}).items() if key in keys or key.startswith("custom.")}
            if wanted:
                merged |= {key: value for key, value in wanted.items() if key in NAMES}
                yield {**wanted, **merged}


def texts_in(values: Any, key: str = "") -> Iterator[tuple[str, str]]:
    """Yield the texts in some values, each with its key."""
    if isinstance(values, str) and values.strip():
        yield key, values.strip()
    elif isinstance(values, dict):
        for name, value in values.items():
            yield from texts_in(value, name if not key or key == "custom" else key)
    elif isinstance(values, list):
        for value in values:
            yield from texts_in(value, key)


def family_of(entity: Entity, record: Any) -> Ids:
    """Return the record and everything that depends or depended on it: activities, deals, their quotes. Ids by type."""
    family: Ids = gone(entity, record.pk, relation_columns)
    family[entity.key] = family.get(entity.key, set()) | {record.pk}
    new: Ids = {entity.key: {record.pk}}
    while new:
        below: Ids = defaultdict(set)
        for child in registry.all_entities():
            for column, target in relation_columns(child):
                if ids := new.get(target):
                    rows = child.model._default_manager.filter(**{f"{column}__in": ids})
                    below[child.key] |= set(rows.values_list("pk", flat=True))
        new = {key: ids - family.get(key, set()) for key, ids in below.items() if ids - family.get(key, set())}
        for key, ids in new.items():
            family[key] = family.get(key, set()) | ids
    return family


def relation_columns(entity: Entity) -> list[tuple[str, str]]:
    """Return the columns by which records of a type reference others, with those types."""
    meta = entity.model._meta
    columns = [column for column in (*meta.concrete_fields, *meta.many_to_many) if column.is_relation]
    pairs = [(column.name, registry.of(column.related_model)) for column in columns]
    return [(name, target.key) for name, target in pairs if target is not None]


def redact_records(person: Forgotten, by: Actor) -> None:
    """Redact the person in the texts of dependent records."""
    from kanal.core import writes

    for key, pks in person.related.items():
        if keeps_texts(key):
            continue
        entity = registry.get(key)
        ids = pks - ({person.pk} if key == person.entity.key else set())
        for row in entity.model._default_manager.filter(pk__in=ids).order_by("pk"):
            changed = redacted_columns(entity, row, person.redactor_for(key, row.pk))
            if changed:
                writes.update_system_fields(row, by=by, **changed)


def redacted_columns(entity: Entity, row: Any, redactor: Redactor) -> dict[str, Any]:
    """Return the redacted values of a record's columns that contain the person's data."""
    changed: dict[str, Any] = {}
    for column in row._meta.concrete_fields:
        value = getattr(row, column.attname)
        is_chosen = column.choices or column.is_relation or getattr(column, "generated", False)
        if is_chosen or column.name == "identifier" or not isinstance(value, str | dict | list):
            continue
        redacted = redactor.redact_json(value)
        if redacted != value:
            changed[column.attname] = redacted[: column.max_length] if isinstance(redacted, str) else redacted
    return changed


def redact_history(person: Forgotten, keys: list[str]) -> None:
    """Redact the fields of the person's record in its history, and their values in the related records' history."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT kanal_redact(%s, %s, %s)", [person.entity.key, person.pk, keys])
        for key, pks in person.related.items():
            rows = Change.objects.filter(entity=key, record_id__in=pks)
            redact_changes(
                rows.iterator(), lambda row, values: person.redactor_for(row.entity, row.record_id).redact_json(values)
            )
    distant = without_free_texts(person.redactor.anywhere)
    redact_changes(distant_changes(person), lambda row, values: distant(row.entity, values))


def redact_changes(rows: Iterable[Change], redact: Callable[[Change, Any], Any]) -> None:
    """Redact some history entries, with the only function permitted to change them."""
    columns: tuple[list, list, list] = ([], [], [])
    for row in rows:
        values = [row.old, row.new]
        redacted = [redact(row, value) for value in values]
        if redacted != values:
            for place, item in zip(columns, (row.pk, *map(as_json, redacted)), strict=True):
                place.append(item)
    if columns[0]:
        with connection.cursor() as cursor:
            cursor.execute("SELECT kanal_redact_texts(%s, %s::jsonb[], %s::jsonb[])", [*columns])


def as_json(value: Any) -> str | None:
    """Return JSON for the database."""
    return None if value is None else json.dumps(value, ensure_ascii=False)
