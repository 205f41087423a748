"""Erase a forgotten person from imports by clearing their files, since refused rows are stored as text."""

from datetime import timedelta

from django.db.models import Q, QuerySet
from django.utils import timezone

from kanal.core.models import Change
from kanal.core.privacy import Forgotten
from kanal.features.importing.models import Batch, Import
from kanal.kit.packed import texts_in

# By then, a file that wasn't imported is abandoned.
GIVEN_UP_AFTER = timedelta(days=1)


def forget_files(*, person: Forgotten) -> None:
    """Clear files, words and journals of imports that wrote the person's record or mention the person.

    Applies to finished or abandoned imports, which no longer need them.
    """
    rows = Change.objects.filter(entity=person.entity.key, record_id=person.pk, means="import")
    over = Import.objects.filter(Q(finished_at__isnull=False) | Q(created_at__lt=timezone.now() - GIVEN_UP_AFTER))
    for at in rows.values_list("at", flat=True):
        empty(over.filter(entity=person.entity.key, created_at__lte=at))
    for pk in over.exclude(content=b"").values_list("pk", flat=True):
        content = bytes(Import.objects.values_list("content", flat=True).get(pk=pk))
        if any(map(person.redactor.nearby.finds, texts_in(content))):
            empty(over.filter(pk=pk))


def empty(runs: QuerySet[Import]) -> None:
    """Clear the stored data of some imports."""
    Batch.objects.filter(run__in=runs).delete()  # direct write: an import isn't a record
    runs.update(content=b"", survey={}, unknown={})  # direct write: an import isn't a record
