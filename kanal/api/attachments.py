"""Files and comments of a record: `…/files`, `…/comments`, and individual ones under `files` and `comments`."""

from collections.abc import Container, Iterable
from typing import Any

from django.http import FileResponse, HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from kanal.api.authentication import actor
from kanal.api.bodies import read_object
from kanal.api.resources import json_response
from kanal.core import access, registry
from kanal.core.entity import Entity
from kanal.features.comments import actions as comments
from kanal.features.comments.models import Comment
from kanal.features.files import actions as files
from kanal.features.files.models import File, Version
from kanal.features.files.sending import response_of
from kanal.kit.errors import Invalid


def known_authors(user: Any, ids: Iterable[int | None]) -> set[int | None]:
    """Return the authors that a user may know. For external users these are the visible ones (ACC-8)."""
    wanted = set(ids)
    if not access.permissions_of(user).is_external:
        return wanted
    return set(access.display_names(user, registry.get("users"), filter(None, wanted)))


def file_of(file: File, version: Version, known: Container[int | None]) -> dict[str, Any]:
    """Return a file as JSON, with its author if known to the reader."""
    return {
        "id": file.pk,
        "name": file.name,
        "description": file.description,
        "version": version.number,
        "kind": version.kind,
        "size": version.size,
        "author": version.author_id if version.author_id in known else None,
        "created_at": version.at,
        "is_internal": file.is_internal,
        "content": f"/api/v1/files/{file.pk}/content",
    }


def comment_of(comment: Comment, known: Container[int | None]) -> dict[str, Any]:
    """Return a comment as JSON, with its author if known to the reader. Its text is sanitized HTML."""
    return {
        "id": comment.pk,
        "text": comment.text,
        "is_private": comment.is_private,
        "author": comment.author_id if comment.author_id in known else None,
        "created_at": comment.created_at,
        "edited_at": comment.edited_at,
    }


def list_files(request: HttpRequest, entity: Entity, pk: int) -> HttpResponse:
    """Return the files of a record."""
    by = actor(request, entity.key)
    access.get_for(by.user, entity, pk)
    attachments = files.files_of(by.user, entity, pk).prefetch_related("versions")
    pairs = [
        (file, next(version for version in file.versions.all() if version.number == file.current))
        for file in attachments
    ]
    known = known_authors(by.user, (version.author_id for _file, version in pairs))
    return json_response({"items": [file_of(file, version, known) for file, version in pairs]})


def add_file(request: HttpRequest, entity: Entity, pk: int) -> HttpResponse:
    """Attach the file sent as multipart form data under `file`. An existing name creates a new version."""
    by = actor(request, entity.key)
    access.get_for(by.user, entity, pk)
    sent, internal = request.FILES.get("file"), request.POST.get("is_internal", "")
    errors = wrong_parts(request)
    if sent is None:
        errors["file"] = [_("Send a file as multipart form data, named “file”.")]
    if internal not in ("", "true", "false"):
        errors["is_internal"] = [_("Enter yes or no.")]
    if errors or sent is None:
        raise Invalid(errors)
    version = files.attach(entity, pk, sent.name or "file", sent, by=by, is_internal=internal == "true")
    return json_response(file_of(version.file, version, {by.user_id}), 201)


def wrong_parts(request: HttpRequest) -> dict[str, list[Any]]:
    """Return the errors in the names of form parts: unknown and duplicate ones."""
    known = {"file": request.FILES, "is_internal": request.POST}
    errors: dict[str, list[Any]] = {}
    for parts in (request.FILES, request.POST):
        for key in parts:
            if known.get(key) is not parts and key != "file":
                errors[key[:80]] = [_("There is no such field.")]
            elif len(parts.getlist(key)) > 1:
                errors[key[:80]] = [_("This field is given twice.")]
    return errors


def change_file(request: HttpRequest, pk: int) -> HttpResponse:
    """Change name and description of a file, and whether it is internal (ACC-8)."""
    by, data = actor(request, "files"), read_object(request)
    kinds: dict[str, type] = {"name": str, "description": str, "is_internal": bool}
    errors = {key: [_("There is no such field.")] for key in data if key not in kinds}
    for key, kind in kinds.items():
        if key in data and not isinstance(data[key], kind):
            errors[key] = [_("Enter yes or no.") if kind is bool else _("This must be a string.")]
    if errors:
        raise Invalid(errors)
    file = files.revise(pk, **data, by=by)
    version = files.version_of(file)
    return json_response(file_of(file, version, known_authors(by.user, [version.author_id])))


def get_content(request: HttpRequest, pk: int) -> FileResponse:
    """Return the current content of a file as a download."""
    by = actor(request, "files")
    file = files.get_file(by.user, pk)
    return response_of(file, files.version_of(file))


def delete_file(request: HttpRequest, pk: int) -> HttpResponse:
    """Delete a file with its versions."""
    files.delete_file(pk, by=actor(request, "files"))
    return HttpResponse(status=204)


def list_comments(request: HttpRequest, entity: Entity, pk: int) -> HttpResponse:
    """Return the comments of a record."""
    by = actor(request, entity.key)
    access.get_for(by.user, entity, pk)
    entries = list(comments.comments_of(by.user, entity, pk)[:500])
    known = known_authors(by.user, (comment.author_id for comment in entries))
    return json_response({"items": [comment_of(comment, known) for comment in entries]})


def add_comment(request: HttpRequest, entity: Entity, pk: int) -> HttpResponse:
    """Add a comment to a record."""
    by = actor(request, entity.key)
    access.get_for(by.user, entity, pk)
    text, is_private = parse_comment(read_object(request))
    return json_response(comment_of(comments.say(entity, pk, text, is_private=is_private, by=by), {by.user_id}), 201)


def change_comment(request: HttpRequest, pk: int) -> HttpResponse:
    """Change the caller's own comment."""
    by = actor(request, "comments")
    comment = comments.get_own_comment(by.user, pk, "edit")
    text, is_private = parse_comment({"text": comment.text, "is_private": comment.is_private, **read_object(request)})
    return json_response(comment_of(comments.reword(pk, text, is_private=is_private, by=by), {by.user_id}))


def delete_comment(request: HttpRequest, pk: int) -> HttpResponse:
    """Delete the caller's own comment."""
    comments.take_back(pk, by=actor(request, "comments"))
    return HttpResponse(status=204)


def parse_comment(data: dict[str, Any]) -> tuple[str, bool]:
    """Return text and privacy of a comment."""
    if unknown := sorted(set(data) - {"text", "is_private"}):
        raise Invalid.on(unknown[0][:80], _("There is no such field."))
    text, is_private = data.get("text"), data.get("is_private", False)
    if not isinstance(text, str):
        raise Invalid.on("text", _("This must be a string."))
    if not isinstance(is_private, bool):
        raise Invalid.on("is_private", _("Enter yes or no."))
    return text, is_private
