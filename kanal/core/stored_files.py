"""Stored contents: which columns name them, and how one is removed while a backup may be reading it.

A backup holds one advisory lock; whoever removes a content shares it, or leaves the removal to a later job. So every
content that the backup's snapshot names is still there when it is read.
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
    """List the columns that name stored contents."""
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            if isinstance(field, models.FileField):
                yield model, field.name


def discard(names: Iterable[str]) -> None:
    """Remove contents that no row names any more; during a backup they stay until it is done."""
    wanted = list(names)
    if wanted and not removed(wanted):
        discard_later.configure(schedule_in={"seconds": LATER_SECONDS}).defer(names=wanted)


@transaction.atomic
def removed(names: list[str]) -> bool:
    """Remove contents unless a backup runs; return whether they are gone."""
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
    """Remove contents whose removal had to wait."""
    discard(names)


def referenced_contents(cursor: Any) -> Iterator[str]:
    """List the contents that the rows name, as the cursor's snapshot has them; the cursor is one of psycopg's own."""
    for model, name in columns():
        column = model._meta.get_field(name).column  # type: ignore[union-attr]
        cursor.execute(f'SELECT "{column}" FROM "{model._meta.db_table}" WHERE "{column}" <> \'\'')
        for row in cursor:
            yield row[0]
