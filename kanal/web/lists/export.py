"""The list as a file."""

from typing import Any

from django.http import HttpRequest, HttpResponseBase, StreamingHttpResponse

from kanal.core import access, audit
from kanal.core.context import today
from kanal.core.entity import Entity
from kanal.core.listing import ListQuery, columns_of, records_of
from kanal.core.listing.columns import all_keys
from kanal.core.query import QueryError
from kanal.features.exporting.cards import cards
from kanal.features.exporting.csv import lines
from kanal.kit.errors import Invalid, NotAllowed
from kanal.web.lists.state import State


def export_csv(request: HttpRequest, entity: Entity, project: Any = None) -> HttpResponseBase:
    """Stream what the list shows; `columns=*` gives every field.

    The id stands last unless the address names the columns: an import of the file then finds the records (IMP-2).
    """
    if not access.has_permission(request.user, entity, "export"):
        raise NotAllowed
    state = State.of(request, entity)
    everything = request.GET.get("columns") == "*"
    try:
        ask = state.ask(entity, request.user, project)
        columns = columns_of(entity, keys_of(request, ask, everything=everything), ask.reader, most=None)
        records_of(ask)
    except QueryError as problem:
        raise Invalid(str(problem)) from None
    audit.note(audit.Kind.EXPORT, request.user, f"{entity.plural}: {state.filter}{state.q}", entity=entity.key)
    name = f"{entity.key}-{today():%Y-%m-%d}.csv"
    response = StreamingHttpResponse(lines(ask, columns), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def export_cards(request: HttpRequest, entity: Entity, project: Any = None) -> HttpResponseBase:
    """Stream the people and companies of the list as vCards (IMP-3)."""
    if not access.has_permission(request.user, entity, "export"):
        raise NotAllowed
    try:
        ask = State.of(request, entity).ask(entity, request.user, project)
        records_of(ask)
    except QueryError as problem:
        raise Invalid(str(problem)) from None
    audit.note(audit.Kind.EXPORT, request.user, f"{entity.plural}: vCard", entity=entity.key)
    response = StreamingHttpResponse(cards(ask), content_type="text/vcard; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{entity.key}-{today():%Y-%m-%d}.vcf"'
    return response


def keys_of(request: HttpRequest, ask: ListQuery, *, everything: bool) -> list[str]:
    """Return the columns of the file."""
    if everything:
        return all_keys(ask.entity, ask.reader)
    is_chosen = "columns" in request.GET and "ids" not in request.GET
    return list(ask.columns) if is_chosen else [*ask.columns, "id"]
