"""Empties the files of imports by which a person may have come who is forgotten; what was refused is a table's text."""

from kanal.core.models import Change
from kanal.core.privacy import Forgotten
from kanal.features.importing.models import Batch, Import


def forget_files(*, person: Forgotten) -> None:
    """Empty the files, words and journals of finished imports that wrote the person's record; nothing needs them."""
    rows = Change.objects.filter(entity=person.entity.key, record_id=person.pk, means="import")
    for at in rows.values_list("at", flat=True):
        runs = Import.objects.filter(entity=person.entity.key, created_at__lte=at, finished_at__isnull=False)
        Batch.objects.filter(run__in=runs).delete()  # pen: an import is no record
        runs.update(content=b"", survey={}, unknown={})  # pen: an import is no record
