"""Empties the files of imports in which a person stands who is forgotten; what was refused is a table's text."""

from datetime import timedelta

from django.db.models import Q, QuerySet
from django.utils import timezone

from kanal.core.models import Change
from kanal.core.privacy import Forgotten
from kanal.features.importing.models import Batch, Import
from kanal.kit.packed import texts_in

# A file that nobody has imported by then is not being worked on.
GIVEN_UP_AFTER = timedelta(days=1)


def forget_files(*, person: Forgotten) -> None:
    """Empty the files, words and journals of imports that wrote the person's record or name the person; nothing needs
    them once the import is finished or given up.
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
    """Empty what is kept of some imports."""
    Batch.objects.filter(run__in=runs).delete()  # direct write: an import is no record
    runs.update(content=b"", survey={}, unknown={})  # direct write: an import is no record
