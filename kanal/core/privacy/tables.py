"""The person in tables that aren't record types: comments, files, imports, receipts, filters, jobs, audit log.

All such tables are searched, so a new one needs no code here. Data stored as bytes is up to its feature.
"""

import json
from collections.abc import Iterator
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import connection, models, transaction

from kanal.core import registry
from kanal.core.models import AuditEntry
from kanal.core.privacy.person import Forgotten
from kanal.kit.redaction import Redactor

# Triggers maintain the history and the audit log, file names are random, and sessions only refer to users.
APART = frozenset(("core.Change", "core.AuditEntry", "search.SearchEntry", "search.SearchWord", "sessions.Session"))


def redact_tables(person: Forgotten) -> None:
    """Redact the person in all tables that aren't record types."""
    for model in apps.get_models():
        is_own = registry.of(model) is None and model._meta.managed and not model._meta.proxy
        if is_own and model._meta.label not in APART and (columns := text_columns(model)):
            redact_table(person, model, columns)
    redact_jobs(person)
    redact_audit(person)
    drop_saved_mails(person)


def text_columns(model: type[models.Model]) -> list[models.Field]:
    """Return the columns of a table with user-provided text, as text, JSON or lists."""
    columns = []
    for column in model._meta.concrete_fields:
        is_text = isinstance(column, models.CharField | models.TextField | models.JSONField | ArrayField)
        is_given = not (column.choices or column.primary_key or getattr(column, "generated", False))
        if is_text and is_given and not isinstance(column, models.FileField):
            columns.append(column)
    return columns


def redact_table(person: Forgotten, model: type[models.Model], columns: list[models.Field]) -> None:
    """Redact the person in some columns of a table."""
    for row in model._default_manager.filter(pk__in=rows_about(person, model, columns)):
        redactor, changed = redactor_of(person, row), {}
        for column in columns:
            value = getattr(row, column.attname)
            redacted = redactor.redact_json(value)
            if redacted != value:
                longest = getattr(column, "max_length", None)
                changed[column.attname] = redacted[:longest] if isinstance(redacted, str) else redacted
        if changed:
            model._default_manager.filter(pk=row.pk).update(**changed)  # direct write: not a record type


def redactor_of(person: Forgotten, row: Any) -> Redactor:
    """Return the redactor for a row: the complete one if it belongs to a record of the person."""
    if hasattr(row, "entity") and hasattr(row, "record_id"):
        return person.redactor_for(row.entity, row.record_id or 0)
    for column, key in reference_columns(type(row)):
        if getattr(row, column) in person.family.get(key, ()):
            return person.redactor
    return person.redactor.nearby


def rows_about(person: Forgotten, model: type[models.Model], columns: list[models.Field]) -> list[Any]:
    """Return the rows that belong to a record of the person, or contain one of their addresses, numbers or names."""
    table = connection.ops.quote_name(model._meta.db_table)
    parts = [f'"{column.column}"::text ~* %s' for column in columns]
    given: list[Any] = [person.redactor.rough_pattern] * len(columns)
    for condition, *values in belonging(person, model):
        parts.append(condition)
        given += values
    with connection.cursor() as cursor:
        cursor.execute(
            f'SELECT "{model._meta.pk.column}" FROM {table} WHERE {" OR ".join(parts)}',
            given,
        )
        return [row[0] for row in cursor.fetchall()]


def belonging(person: Forgotten, model: type[models.Model]) -> Iterator[tuple]:
    """Yield the conditions for rows that belong to records of the person, each with its values."""
    names = {column.name for column in model._meta.concrete_fields}
    if {"entity", "record_id"} <= names:
        for key, ids in person.related.items():
            yield '("entity" = %s AND "record_id" = ANY(%s))', key, sorted(ids)
    for column, key in reference_columns(model):
        if pks := person.family.get(key):
            yield f'"{column}" = ANY(%s)', sorted(pks)


def reference_columns(model: type[models.Model]) -> list[tuple[str, str]]:
    """Return the columns of a table that reference records, with their types."""
    columns = [column for column in model._meta.concrete_fields if column.is_relation]
    pairs = [(column.attname, registry.of(column.related_model)) for column in columns]
    return [(name, target.key) for name, target in pairs if target is not None]


def redact_jobs(person: Forgotten) -> None:
    """Redact the person in the arguments of jobs."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, args FROM procrastinate_jobs WHERE args::text ~* %s", [person.redactor.rough_pattern]
        )
        for pk, args in cursor.fetchall():
            given = json.loads(args) if isinstance(args, str) else args
            redacted = json.dumps(person.redactor.nearby.redact_json(given))
            cursor.execute("UPDATE procrastinate_jobs SET args = %s::jsonb WHERE id = %s", [redacted, pk])


def redact_audit(person: Forgotten) -> None:
    """Redact the person in the audit log, such as the filter of an export, with the only function permitted to."""
    redactor = person.redactor.nearby
    columns = ("text", "subject", "old", "new")
    conditions = " OR ".join(f"{column}::text ~* %s" for column in columns)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT id FROM core_auditentry WHERE {conditions}", [person.redactor.rough_pattern] * len(columns)
        )
        rows = AuditEntry.objects.filter(pk__in=[row[0] for row in cursor.fetchall()]).values_list("pk", *columns)
        redacted = [
            (
                pk,
                redactor.redact(text),
                *(json.dumps(redactor.redact_json(value), ensure_ascii=False) for value in values),
            )
            for pk, text, *values in rows
        ]
        if redacted:
            cursor.execute(
                "SELECT kanal_redact_audit(%s, %s, %s::jsonb[], %s::jsonb[], %s::jsonb[])",
                [list(column) for column in zip(*redacted, strict=True)],
            )


def drop_saved_mails(person: Forgotten) -> None:
    """Delete the mails in the outbox folder that contain the person's data, after the commit."""
    folder = getattr(settings, "EMAIL_FILE_PATH", None)
    if folder and "filebased" in settings.EMAIL_BACKEND:
        transaction.on_commit(lambda: drop(mails_about(person, Path(folder))))


def drop(paths: list[Path]) -> None:
    """Delete some files, ignoring those already deleted."""
    for path in paths:
        path.unlink(missing_ok=True)


def mails_about(person: Forgotten, folder: Path) -> list[Path]:
    """Return the saved mails that contain an address, a number or the name of the person."""
    paths = []
    for path in sorted(folder.glob("*.log")):
        for part in path.read_bytes().split(b"\n" + b"-" * 79 + b"\n"):
            mail = message_from_bytes(part, policy=policy.default)
            texts = [str(value) for value in mail.values()]
            texts += [subpart.get_content() for subpart in mail.walk() if subpart.get_content_maintype() == "text"]
            if any(map(person.redactor.nearby.finds, texts)):
                paths.append(path)
                break
    return paths
