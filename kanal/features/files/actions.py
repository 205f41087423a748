"""Attach, rename and delete files. Who sees a record sees its files, except internal ones."""

import hashlib
import secrets
from collections.abc import Iterable
from itertools import count
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.base import File as Content
from django.db import transaction
from django.db.models import BigIntegerField, QuerySet
from django.utils.translation import gettext as _

from kanal.core import events, registry, settings, stored_files
from kanal.core.access import (
    authors_in_reach,
    get_for,
    has_feature_permission,
    has_permission,
    hidden_fields,
    may_add_to,
    permissions_of,
)
from kanal.core.actor import Actor
from kanal.core.entity import Entity
from kanal.core.query.compiled import Param, compiled
from kanal.features.files.kinds import PROGRAMS, kind_of
from kanal.features.files.models import File, Version
from kanal.kit.errors import Invalid, NotAllowed, NotFound
from kanal.kit.text import safe_filename

KEY = "files"
HEAD = 8192


def files_of(user: Any, entity: Entity, record_id: int) -> QuerySet[File]:
    """Return the files of a record that the user is known to see, newest first."""
    return files(entity.key, record_id, permissions_of(user).is_external, hidden_fields(user))


def newest_files(user: Any, entity: Entity, record_id: int, limit: int | None = None) -> list[File]:
    """Return the newest files of a record, or all."""
    return compiled(first_files, entity.key, permissions_of(user).is_external, hidden_fields(user), limit).ask(
        record=record_id
    )


def files(key: str, record_id: Any, is_external: bool, hidden: tuple[str, ...]) -> QuerySet[File]:
    """Return a queryset of a record's files, limited to those that some users may see.

    External users don't see internal files, and nobody sees files that reveal fields `hidden` from them (ACC-6).
    """
    records_files = File.objects.filter(entity=key, record_id=record_id)
    if hidden:
        records_files = records_files.exclude(tells__overlap=list(hidden))
    return records_files.filter(is_internal=False) if is_external else records_files


def first_files(key: str, is_external: bool, hidden: tuple[str, ...], limit: int | None) -> QuerySet[File]:
    """Return a queryset of a record's newest files."""
    return files(key, Param("record", BigIntegerField()), is_external, hidden)[:limit]


def is_closed_to(user: Any, file: File) -> bool:
    """Return whether a file is hidden from a user who sees its record."""
    if user is None:
        return False
    return (file.is_internal and permissions_of(user).is_external) or not set(file.tells).isdisjoint(
        hidden_fields(user)
    )


def may_attach(user: Any, entity: Entity, record: Any) -> bool:
    """Return whether the user may attach files to a visible record: by permission, or if they may change it."""
    return may_add_to(user, entity, record, KEY)


def may_mark_internal(user: Any) -> bool:
    """Return whether the user may mark a file as internal."""
    return user is None or not permissions_of(user).is_external


def may_keep(user: Any, entity: Entity, record: Any, action: str) -> bool:
    """Return whether the user may change (`edit`) or delete others' files on a visible record.

    For internal users, files belong to the record: who may change it may change them (FILE-2). External users need
    the permission, and only reach files within `authors_in_reach`.
    """
    if has_feature_permission(user, entity, record, KEY, action):
        return True
    return not permissions_of(user).is_external and has_permission(user, entity, "edit", record)


def attach(
    entity: Entity, record_id: int, name: str, content: Any, *, by: Actor, is_internal: bool = False,
    tells: Iterable[str] = (),
) -> Version:  # fmt: skip
    """Attach a content (bytes or an open file) to a record. An existing name gets a new version (FILE-2).

    Internal files are never shown to partner users, and their own files are never internal (ACC-8). `tells` are the
    fields that the content reveals, if it was made from records (ACC-6).
    Raise NotFound, NotAllowed, or Invalid if it exceeds the limits.
    """
    is_internal = is_internal and may_mark_internal(by.user)
    if by.user is not None:
        record = get_for(by.user, entity, record_id)
        if not by.skips_permission_checks and not may_attach(by.user, entity, record):
            raise NotAllowed
    stored = Content(content) if hasattr(content, "read") else ContentFile(content)
    kind, digest, size = examine(stored)
    key = secrets.token_hex(16)
    with transaction.atomic():
        file = get_or_create_file(entity, record_id, safe_filename(name), is_internal, by)
        number = (file.versions.order_by("-number").values_list("number", flat=True).first() or 0) + 1
        version = Version(file=file, number=number, key=key, kind=kind, size=size, digest=digest, author=by.user)
        version.content.save(key, stored, save=False)
        version.save()  # direct write: files aren't a record type
        file.current, file.tells = number, sorted({*file.tells, *tells})
        file.save()  # direct write: files aren't a record type
        events.dispatch("file.attached", entity=entity, record_id=record_id, file_name=file.name, version=version)
    return version


def get_or_create_file(entity: Entity, record_id: int, name: str, is_internal: bool, by: Actor) -> File:
    """Return the record's file of this name, locked, and create it if needed.

    An internal content never goes into a file that partners see, nor theirs into one that they can't see or may not
    change: it gets another name.
    """
    outside = by.user is not None and permissions_of(by.user).is_external
    for number in count(1):
        file, _made = File.objects.get_or_create(  # direct write: files aren't a record type
            entity=entity.key, record_id=record_id, name=name if number == 1 else numbered(name, number),
            defaults={"author": by.user, "is_internal": is_internal},
        )  # fmt: skip
        is_closed = is_closed_to(by.user, file)
        is_others = outside and not by.skips_permission_checks and not authors_in_reach(by.user, [file.author_id])
        if not (is_closed or is_others) and (file.is_internal or not is_internal):
            break
    return File.objects.select_for_update().get(pk=file.pk)


def numbered(name: str, number: int) -> str:
    """Return a file name with a number before its extension."""
    stem, dot, ending = name.rpartition(".")
    return f"{stem} ({number}).{ending}" if dot and stem else f"{name} ({number})"


def examine(stored: Any) -> tuple[str, str, int]:
    """Return kind, SHA-256 and size of a content. Raise Invalid if it's too large or its kind is refused."""
    limit = settings.value("files.max_megabytes")
    digest, size, head = hashlib.sha256(), 0, b""
    stored.seek(0)
    for part in stored.chunks():
        head = head or part[:HEAD]
        size += len(part)
        digest.update(part)
        if size > limit * 1024 * 1024:
            raise Invalid.on("file", _("This file is larger than %(limit)s MB.") % {"limit": limit})
    if not size:
        raise Invalid.on("file", _("This file is empty."))
    kind = kind_of(head)
    if kind in PROGRAMS and not settings.value("files.allow_programs"):
        raise Invalid.on("file", _("Programs can't be attached."))
    stored.seek(0)
    return kind, digest.hexdigest(), size


def get_file(user: Any, pk: int, action: str = "view") -> File:
    """Return a file whose record the user may see, and change for other actions. Raise NotFound or NotAllowed."""
    file = File.objects.filter(pk=pk).first()
    if file is None or is_closed_to(user, file):
        raise NotFound
    entity = registry.get(file.entity)
    record = get_for(user, entity, file.record_id)
    is_own = file.author_id == user.pk and may_attach(user, entity, record)
    if action == "view" or is_own:
        return file
    if not authors_in_reach(user, [file.author_id]) or not may_keep(user, entity, record, action):
        raise NotAllowed
    return file


def version_of(file: File, number: int | None = None) -> Version:
    """Return a version of a file, by default the current one. Raise NotFound."""
    version = file.versions.filter(number=number or file.current).first()
    if version is None:
        raise NotFound
    return version


@transaction.atomic
def revise(
    pk: int, *, by: Actor, name: str | None = None, description: str | None = None, is_internal: bool | None = None
) -> File:
    """Change a file's metadata. Raise Invalid if the record has another file of that name."""
    file = get_file(by.user, pk, "edit")
    if name is not None:
        file.name = safe_filename(name)
        others = File.objects.filter(entity=file.entity, record_id=file.record_id, name=file.name).exclude(pk=pk)
        if others.exists():
            raise Invalid.on("name", _("Another file already has this name."))
    if description is not None:
        file.description = description[:300]
    if is_internal is not None and may_mark_internal(by.user):
        file.is_internal = is_internal
    file.save()  # direct write: files aren't a record type
    return file


@transaction.atomic
def make_current(pk: int, number: int, *, by: Actor) -> File:
    """Make an earlier version current again."""
    file = get_file(by.user, pk, "edit")
    file.current = version_of(file, number).number
    file.save()  # direct write: files aren't a record type
    return file


@transaction.atomic
def delete_file(pk: int, *, by: Actor) -> File:
    """Delete a file with all its versions. The contents are deleted after the commit."""
    file = get_file(by.user, pk, "delete")
    names = [str(version.content) for version in file.versions.all()]
    File.objects.filter(pk=pk).delete()  # direct write: files aren't a record type
    transaction.on_commit(lambda: stored_files.discard(names))
    return file


@transaction.atomic
def move_files(source: Entity, source_id: int, target: Entity, target_id: int) -> None:
    """Move all files of a record to another one. Files whose name exists there get a number."""
    taken = set(File.objects.filter(entity=target.key, record_id=target_id).values_list("name", flat=True))
    for file in File.objects.filter(entity=source.key, record_id=source_id):
        file.entity, file.record_id = target.key, target_id
        if file.name in taken:
            file.name = f"{file.pk} {file.name}"[:200]
        file.save()  # direct write: files aren't a record type
