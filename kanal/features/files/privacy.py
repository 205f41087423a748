"""Erase a forgotten person's files: those of their record, and documents that mention them."""

from collections.abc import Iterable

from django.db import transaction
from django.db.models import Q

from kanal.core import stored_files
from kanal.core.privacy import Forgotten
from kanal.features.files.models import File, Version
from kanal.kit.packed import LARGEST, texts_in
from kanal.kit.redaction import Redactor


def forget_files(*, person: Forgotten) -> None:
    """Delete the files of the person's own record, and versions of other files that mention the person."""
    own = Q(entity=person.entity.key, record_id=person.pk)
    drop(Version.objects.filter(file__in=File.objects.filter(own)))
    for key, ids in person.related.items():
        for file in File.objects.filter(entity=key, record_id__in=ids).prefetch_related("versions"):
            redactor = person.redactor_for(key, file.record_id)
            numbers = [version.number for version in file.versions.all() if tells(version, redactor)]
            beside = file.name.rpartition(".")[0]
            same = File.objects.filter(entity=key, record_id=file.record_id, name__in=(file.name, f"{beside}.pdf"))
            if numbers:
                drop(Version.objects.filter(file__in=same, number__in=numbers))


def drop(versions: Iterable[Version]) -> None:
    """Delete versions and files without any left, and their contents after the commit."""
    rows = list(versions)
    names = [str(row.content) for row in rows]
    Version.objects.filter(pk__in=[row.pk for row in rows]).delete()  # direct write: files aren't a record type
    for file in File.objects.filter(pk__in={row.file_id for row in rows}).prefetch_related("versions"):
        numbers = [version.number for version in file.versions.all()]
        if not numbers:
            file.delete()  # direct write: files aren't a record type
        elif file.current not in numbers:
            file.current = max(numbers)
            file.save(update_fields=["current"])  # direct write: files aren't a record type
    if names:
        transaction.on_commit(lambda: stored_files.discard(names))


def tells(version: Version, redactor: Redactor) -> bool:
    """Return whether the readable content mentions the person."""
    if version.size > LARGEST:
        return False
    with version.content.open("rb") as stored:
        return any(map(redactor.finds, texts_in(stored.read())))
