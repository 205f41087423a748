"""Stored contents: the columns that reference them, and their removal while a backup may be reading.

A backup holds an advisory lock. Removals share it, or are postponed to a later job. So every content in the backup's
snapshot still exists when it is read.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from django.apps import apps
from django.core.files.storage import default_storage
from django.db import connection, models, transaction
from django.utils.translation import gettext_lazy as _

from kanal.core.jobs import job

LOCK = 0x6B61_6E61_6C66
LATER_SECONDS = 300


def columns() -> Iterator[tuple[type[models.Model], str]]:
    """Yield the columns that reference stored contents."""
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            if isinstance(field, models.FileField):
                yield model, field.name


def discard(names: Iterable[str]) -> None:
    """Remove contents that are no longer referenced. During a backup the removal is postponed."""
    wanted = list(names)
    if wanted and not removed(wanted):
        discard_later.configure(schedule_in={"seconds": LATER_SECONDS}).defer(names=wanted)


@transaction.atomic
def removed(names: list[str]) -> bool:
    """Remove contents unless a backup is running. Return whether they were removed."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock_shared(%s)", [LOCK])
        row = cursor.fetchone()
    if not row or not row[0]:
        return False
    for name in names:
        default_storage.delete(name)
    return True


@job("core.discard_contents", label=_("Removal of stored files"))
def discard_later(names: list[str]) -> None:
    """Remove contents whose removal was postponed."""
    discard(names)


def referenced_contents(cursor: Any) -> Iterator[str]:
    """Yield the contents referenced by rows in the cursor's snapshot. Requires a raw psycopg cursor."""
    for model, name in columns():
        column = model._meta.get_field(name).column  # type: ignore[union-attr]
        cursor.execute(f'SELECT "{column}" FROM "{model._meta.db_table}" WHERE "{column}" <> \'\'')
        for row in cursor:
            yield row[0]
