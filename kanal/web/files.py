"""Upload, download and management of a record's files. Permissions are checked by the feature."""

from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from kanal.core import history, registry, settings
from kanal.core.access import authors_in_reach, get_for
from kanal.core.entity import Entity
from kanal.features.files import actions
from kanal.features.files.kinds import PICTURES
from kanal.features.files.models import File, Version
from kanal.features.files.sending import response_of
from kanal.kit.errors import Invalid
from kanal.web.form import dialog
from kanal.web.http import actor_of, go, wants_fragment


def context(user: Any, entity: Entity, record: Any) -> dict[str, Any]:
    """Return the context of a record's Files tab."""
    files = actions.files_of(user, entity, record.pk).prefetch_related("versions")
    return {
        "files": file_rows(user, entity, record, files),
        "upload_url": f"{entity.url(record.pk)}files",
        "may_attach": actions.may_attach(user, entity, record),
        "may_mark_internal": actions.may_mark_internal(user),
        "limit": settings.value("files.max_megabytes"),
    }


def file_rows(user: Any, entity: Entity, record: Any, files: Iterable[File]) -> list[dict[str, Any]]:
    """Return files for a template, each with the actions allowed to the user."""
    shown = list(files)
    own = {user.pk} if actions.may_attach(user, entity, record) else set()
    reached = authors_in_reach(user, (file.author_id for file in shown))
    may = {
        f"may_{action}": own | (reached if actions.may_keep(user, entity, record, action) else set())
        for action in ("edit", "delete")
    }
    rows = [row(file) for file in shown]
    names = history.actor_names(user, (version.author_id for each in rows for version in each["versions"]))
    for each in rows:
        each |= {key: each["file"].author_id in authors for key, authors in may.items()}
        each["versions"] = [(version, names.get(version.author_id, "")) for version in each["versions"]]
        each["author"] = next((name for version, name in each["versions"] if version == each["current"]), "")
    return rows


def row(file: File) -> dict[str, Any]:
    """Return a file for a template with its versions, newest first."""
    versions: list[Version] = list(file.versions.all())
    current = next((version for version in versions if version.number == file.current), None)
    return {
        "file": file,
        "current": current,
        "versions": versions,
        "is_picture": bool(current and current.kind in PICTURES),
    }


@require_POST
def upload(request: HttpRequest, entity: Entity, pk: int) -> HttpResponse:
    """Attach uploaded files. Return the new rows to a script, or redirect a plain form to the tab."""
    record = get_for(request.user, entity, pk)
    done, refused, by = [], [], actor_of(request)
    is_internal = request.POST.get("is_internal") == "true"
    for content in request.FILES.getlist("file"):
        try:
            version = actions.attach(entity, pk, content.name or "", content, by=by, is_internal=is_internal)
            done.append(version.file)
        except Invalid as problem:
            refused.append(str(problem) if wants_fragment(request) else f"{content.name}: {problem}")
    if refused or not done:
        raise Invalid(" ".join(refused) or _("Choose a file."))
    if not wants_fragment(request):
        return go(request, f"{entity.url(record.pk)}?tab=files")
    rows = file_rows(request.user, entity, record, done)
    return render(request, "pages/detail/file_rows.html", {"files": rows})


def download(request: HttpRequest, pk: int, number: int | None = None) -> HttpResponseBase:
    """Send a file to a user who may see its record, with headers that make it harmless (FILE-3)."""
    file = actions.get_file(request.user, pk)
    version = actions.version_of(file, number)
    is_shown = "inline" in request.GET and version.kind in PICTURES
    return response_of(file, version, is_shown=is_shown)


def rename(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a file's name, description and whether it's internal (ACC-8)."""
    file = actions.get_file(request.user, pk, "edit")
    values: dict[str, Any] = {"name": file.name, "description": file.description, "is_internal": file.is_internal}
    given = {**values, "url": f"/files/{pk}/rename", "may_mark_internal": actions.may_mark_internal(request.user)}
    if request.method == "POST":
        values = {key: request.POST.get(key, "") for key in ("name", "description")}
        values["is_internal"] = request.POST.get("is_internal") == "true"
        try:
            actions.revise(pk, **values, by=actor_of(request))
            return go(request, page_of(file))
        except Invalid as problem:
            given |= {**values, "problem": problem}
    return dialog(
        request, "pages/rename.html", given, 422 if "problem" in given and not wants_fragment(request) else 200
    )


@require_POST
def make_current(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """Make an earlier version current again."""
    return go(request, page_of(actions.make_current(pk, number, by=actor_of(request))))


def delete_file(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask for confirmation, then delete a file with all its versions."""
    file = actions.get_file(request.user, pk, "delete")
    if request.method == "POST":
        actions.delete_file(pk, by=actor_of(request))
        return go(request, page_of(file))
    return dialog(
        request, "pages/confirm.html", {"text": _("Are you sure?"), "url": f"/files/{pk}/delete", "record": file.name}
    )


def page_of(file: File) -> str:
    """Return the URL of the Files tab with a file."""
    return f"{registry.get(file.entity).url(file.record_id)}?tab=files"
