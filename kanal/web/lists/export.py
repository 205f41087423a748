"""Export of a list to a file: sent at once, or made by a job if it takes long."""

from typing import Any

from django.http import FileResponse, HttpRequest, HttpResponseBase, HttpResponseRedirect, StreamingHttpResponse
from django.utils.translation import gettext as _

from kanal.core import access, audit, registry
from kanal.core.entity import Entity
from kanal.core.listing import Column, ListQuery, columns_of, records_of
from kanal.core.listing.columns import all_keys
from kanal.core.listing.keyset import sort_keys
from kanal.core.query import QueryError
from kanal.features.exporting.files import has_more_than, require_possible
from kanal.features.exporting.formats import FORMATS, ExportFormat
from kanal.features.exporting.jobs import begin_export
from kanal.features.exporting.models import ExportFile
from kanal.features.exporting.rows import ExportRows
from kanal.kit.errors import Invalid, NotAllowed, NotFound
from kanal.web.lists.state import State
from kanal.web.lists.views import base_url


def export_page(request: HttpRequest, entity: Entity, project: Any = None, *, key: str) -> HttpResponseBase:
    """Send the list in a format, or lead to the progress of the job that makes the file. `columns=*` exports all.

    The id comes last unless the URL names the columns, so that importing the file finds the records (IMP-2).
    """
    if not access.has_permission(request.user, entity, "export"):
        raise NotAllowed
    state, export_format = State.of(request, entity), FORMATS[key]
    everything = request.GET.get("columns") == "*"
    try:
        ask = state.ask(entity, request.user, project)
        columns = columns_of(entity, export_columns(request, ask, everything=everything), ask.reader, most=None)
        records_of(ask)
        sort_keys(ask.order, entity, ask.reader)
    except QueryError as problem:
        raise Invalid(str(problem)) from None
    is_job = takes_long(export_format, ask)
    require_possible(export_format, ask)
    text = f"{entity.plural} ({export_format.extension}): {state.filter}{state.q}"
    audit.note(audit.Kind.EXPORT, request.user, text, entity=entity.key)
    if is_job:
        progress = begin_export(export_format, ask, columns, state.url(base_url(entity, project)))
        return HttpResponseRedirect(f"/progress/{progress.pk}")
    return send_rows(export_format, ask, columns)


def takes_long(export_format: ExportFormat, ask: ListQuery) -> bool:
    """Return whether a job makes the file of a list."""
    limit = export_format.streamed_rows
    return limit is not None and (limit == 0 or has_more_than(ask, limit))


def send_rows(export_format: ExportFormat, ask: ListQuery, columns: list[Column]) -> HttpResponseBase:
    """Send a file as its rows are read."""
    pieces = export_format.write(ExportRows(ask, columns))
    response = StreamingHttpResponse(pieces, content_type=export_format.content_type)
    response["Content-Disposition"] = f'attachment; filename="{export_format.file_name(ask.entity)}"'
    return response


def exported_file(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Send a file made by a job to the user who asked for it, if they may still export such records."""
    made = ExportFile.objects.filter(pk=pk, user_id=request.user.pk or 0).first()
    entity = registry.find(made.entity) if made else None
    if made is None or entity is None:
        raise NotFound(_("This file is no longer there. Export the list again."))
    if not access.has_permission(request.user, entity, "export"):
        raise NotAllowed
    response = FileResponse(made.content.open("rb"), as_attachment=True, filename=made.name)
    response["Content-Type"] = made.content_type
    response["Cache-Control"] = "private, no-store"
    return response


def export_columns(request: HttpRequest, ask: ListQuery, *, everything: bool) -> list[str]:
    """Return the columns of the file."""
    if everything:
        return all_keys(ask.entity, ask.reader)
    is_chosen = "columns" in request.GET and "ids" not in request.GET
    return list(ask.columns) if is_chosen else [*ask.columns, "id"]
