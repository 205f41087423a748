"""Export of a list to a file."""

from typing import Any

from django.http import HttpRequest, HttpResponseBase, StreamingHttpResponse

from kanal.core import access, audit
from kanal.core.entity import Entity
from kanal.core.listing import ListQuery, columns_of, records_of
from kanal.core.listing.columns import all_keys
from kanal.core.query import QueryError
from kanal.features.exporting.formats import FORMATS
from kanal.kit.errors import Invalid, NotAllowed
from kanal.web.lists.state import State


def export_page(request: HttpRequest, entity: Entity, project: Any = None, *, key: str) -> HttpResponseBase:
    """Stream the list in a format. `columns=*` exports every field.

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
    except QueryError as problem:
        raise Invalid(str(problem)) from None
    text = f"{entity.plural} ({export_format.extension}): {state.filter}{state.q}"
    audit.note(audit.Kind.EXPORT, request.user, text, entity=entity.key)
    response = StreamingHttpResponse(export_format.write(ask, columns), content_type=export_format.content_type)
    response["Content-Disposition"] = f'attachment; filename="{export_format.file_name(entity)}"'
    return response


def export_columns(request: HttpRequest, ask: ListQuery, *, everything: bool) -> list[str]:
    """Return the columns of the file."""
    if everything:
        return all_keys(ask.entity, ask.reader)
    is_chosen = "columns" in request.GET and "ids" not in request.GET
    return list(ask.columns) if is_chosen else [*ask.columns, "id"]
