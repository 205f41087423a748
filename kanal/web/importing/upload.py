"""Accepts the file of an import. Unreadable files are rejected immediately."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from kanal.core.entity import Entity
from kanal.core.keys import PROJECTS
from kanal.features.importing import reading, setup
from kanal.features.importing.models import Import
from kanal.kit.errors import Invalid
from kanal.web.http import go
from kanal.web.importing.access import permitted


def upload(request: HttpRequest, entity: Entity, project: Any = None) -> HttpResponse:
    """Show and process the upload form."""
    permitted(request, entity)
    problem = ""
    if request.method == "POST":
        try:
            run = taken(request, entity)
            begin_with(run, request, project)
            return go(request, f"/imports/{run.pk}/")
        except Invalid as refusal:
            problem = str(refusal)
    context = {"entity": entity, "problem": problem}
    return render(request, "pages/import.html", context, status=422 if problem else 200)


def begin_with(run: Import, request: HttpRequest, project: Any) -> None:
    """Set the values in the URL (`?price_book=7`) and the page's project for all rows."""
    fields = setup.fixable(run)
    given = {key: text for key, text in request.GET.items() if key in fields and fields[key].target}
    if project is not None:
        given |= {key: str(project.pk) for key, field in fields.items() if field.target == PROJECTS}
    if given:
        several = {key: [text] if fields[key].type.category == "relations" else text for key, text in given.items()}
        setup.fix(run, {**run.fixed, **several})
        run.save(update_fields=["fixed"])  # direct write: not a record


def taken(request: HttpRequest, entity: Entity) -> Import:
    """Return the import of the uploaded file, set up according to its headers."""
    user: Any = request.user
    file = request.FILES.get("file")
    if file is None:
        raise Invalid(_("Choose a file."))
    reading.refuse_large(file.size or 0)
    run = Import(entity=entity.key, user=user, name=(file.name or "")[:200], content=file.read())
    setup.configure_import(run)
    run.save()  # direct write: not a record
    return run
