"""Changing or deleting many rows of a list: the selected ones, or all that match the filter (LIST-5)."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import ngettext

from kanal.core import access, listing, selection, writes
from kanal.core.actor import ChangeSource
from kanal.core.entity import Entity
from kanal.core.fields import Field
from kanal.core.job_progress import create_progress
from kanal.core.models import Selection
from kanal.core.query import QueryError
from kanal.core.transitions import without_unreachable
from kanal.core.writes import BulkResult
from kanal.kit.errors import Invalid, NotAllowed, NotFound
from kanal.web import forms
from kanal.web.fieldtypes import presenter_of
from kanal.web.http import actor_of, go, id_of
from kanal.web.lists.state import State, add_parameters
from kanal.web.lists.views import base_url, tools_url

AT_ONCE = 500
MOST_NAMED = 20


def selected_ids(request: HttpRequest) -> list[int]:
    """Return the ids of the selected rows."""
    given = (request.POST if request.method == "POST" else request.GET).getlist("ids")
    return [pk for pk in (id_of(value) for value in given[:1000]) if pk]


def is_everything(request: HttpRequest) -> bool:
    """Return whether the change applies to all rows of the filter."""
    return (request.POST if request.method == "POST" else request.GET).get("everything") == "1"


@dataclass(frozen=True)
class Chosen:
    """The affected records: the ids of selected rows, or all that matched the filter when the dialog opened."""

    records: QuerySet
    ids: list[int]
    number: int
    kept: Selection | None = None


def chosen(request: HttpRequest, entity: Entity, project: Any) -> Chosen:
    """Return the records that the dialog is about. They're stored, so that rows added later aren't affected."""
    if is_everything(request):
        return everything(request, entity, project)
    ids = selected_ids(request)
    records = access.visible_to(request.user, entity).filter(pk__in=ids)
    return Chosen(records, ids, records.count())


def everything(request: HttpRequest, entity: Entity, project: Any) -> Chosen:
    """Return all rows of the filter: as stored by the dialog, or the current ones when it opens."""
    given = (request.POST if request.method == "POST" else request.GET).get("selection")
    if given:
        kept = selection.get_selection(request.user, entity, id_of(given))
    else:
        try:
            ask = State.of(request, entity).ask(entity, request.user, project)
            kept = selection.store_selection(request.user, entity, listing.records_of(ask))
        except QueryError as problem:
            raise Invalid(str(problem)) from None
    return Chosen(selection.records_of(request.user, entity, kept), [], selection.size(kept), kept)


def bulk_edit(request: HttpRequest, entity: Entity, project: Any = None) -> HttpResponse:
    """Ask for a field and its new value, then set it on all affected records."""
    if not access.has_permission(request.user, entity, "edit"):
        raise NotAllowed
    meant = chosen(request, entity, project)
    fields = bulk_fields(request, entity)
    key = request.POST.get("field", "") or request.GET.get("field", "")
    form = forms.build_form([("", [fields[key].but(required=False)])], {}, request.user) if key in fields else None
    if request.method == "POST" and form is not None:
        value = entered(form, request)
        if not form.summary:
            return run_bulk_change(request, entity, project, meant, {key: value})
    return render_bulk_dialog(
        request, entity, project, meant, "edit", fields=list(fields.values()), field_key=key, form=form
    )


def bulk_fields(request: HttpRequest, entity: Entity) -> dict[str, Field]:
    """Return the fields that can be changed in bulk."""
    fields = access.FieldContext(request.user, entity).writable
    return {
        key: without_unreachable(entity, field)
        for key, field in fields.items()
        if presenter_of(field).has_inline_form and key != entity.title and forms.has_choice(field, {}, request.user)
    }


def entered(form: forms.Form, request: HttpRequest) -> Any:
    """Return the new value in its JSON form. Errors are shown at the field."""
    entry = form.entries[0]
    raw = forms.read_form(form, request.POST).get(entry.name)
    try:
        if entry.errors:
            return None
        return carried(entry.field, entry.field.clean(raw, access.clean_context(request.user)))
    except ValueError as problem:
        entry.errors = [str(problem)]
        return None


def carried(field: Field, value: Any) -> Any:
    """Serialize a value for a job. A datetime keeps its offset, which determines its day."""
    return value.isoformat() if isinstance(value, dt.datetime) else field.dump(value)


def bulk_delete(request: HttpRequest, entity: Entity, project: Any = None) -> HttpResponse:
    """Ask for confirmation with the number of records, then delete them."""
    if not entity.is_deletable:
        raise NotFound
    if not access.has_permission(request.user, entity, "delete"):
        raise NotAllowed
    meant = chosen(request, entity, project)
    if request.method == "POST":
        return run_bulk_change(request, entity, project, meant, None)
    return render_bulk_dialog(request, entity, project, meant, "delete")


def render_bulk_dialog(
    request: HttpRequest, entity: Entity, project: Any, meant: Chosen, verb: str, **more: Any
) -> HttpResponse:
    """Show the dialog of a bulk change."""
    state, tools = State.of(request, entity), tools_url(entity, project)
    context = {
        "entity": entity,
        "verb": verb,
        "number": meant.number,
        "ids": meant.ids,
        "selection": meant.kept,
        "action": state.url(f"{tools}bulk-{verb}"),
        "title": title(verb, meant.number),
        **more,
    }
    return render(request, "pages/bulk.html", context)


def title(verb: str, number: int) -> str:
    """Return the title of the dialog, with the number of records."""
    if verb == "delete":
        return ngettext("Delete %(n)s record?", "Delete %(n)s records?", number) % {"n": number}
    return ngettext("Edit %(n)s record", "Edit %(n)s records", number) % {"n": number}


def run_bulk_change(
    request: HttpRequest, entity: Entity, project: Any, meant: Chosen, values: dict[str, Any] | None
) -> HttpResponse:
    """Run the change at once, or by a job if there are many records. Delete if no values are passed."""
    back = State.of(request, entity).url(base_url(entity, project))
    by = actor_of(request, ChangeSource.BULK)
    if meant.number <= AT_ONCE:
        records = meant.records
        outcome = writes.delete_many(records, by=by) if values is None else writes.change_many(records, values, by=by)
        tell(request, outcome, meant.number)
        return go(request, back)
    return later(request, entity, meant, values, back)


def later(
    request: HttpRequest, entity: Entity, meant: Chosen, values: dict[str, Any] | None, back: str
) -> HttpResponse:
    """Queue a job for exactly the confirmed records."""
    from kanal.web.jobs import run_bulk

    kept = meant.kept or selection.store_selection(request.user, entity, meant.records)
    named = title("delete" if values is None else "edit", meant.number)
    progress = create_progress(named, request.user, meant.number, back=back)
    run_bulk.defer(progress_id=progress.pk, entity_key=entity.key, selection_id=kept.pk, values=values)
    return go(request, add_parameters(f"/progress/{progress.pk}"))


def tell(request: HttpRequest, outcome: BulkResult, number: int) -> None:
    """Report how many records were changed, which were skipped, and how many no longer exist."""
    done = ngettext("%(n)s record done.", "%(n)s records done.", outcome.done) % {"n": outcome.done}
    if gone := number - outcome.done - len(outcome.refused):
        messages.warning(request, gone_text(gone))
    if not outcome.refused:
        messages.success(request, done)
        return
    named = "; ".join(f"#{pk}: {reason}" for pk, reason in outcome.refused[:MOST_NAMED])
    left = ngettext("%(n)s record left:", "%(n)s records left:", len(outcome.refused)) % {"n": len(outcome.refused)}
    messages.warning(request, f"{done} {left} {named}" + (" …" if len(outcome.refused) > MOST_NAMED else ""))


def gone_text(number: int) -> str:
    """Return the message that some records were deleted or hidden from the user before the confirmation."""
    text = ngettext("%(n)s of the records no longer exists.", "%(n)s of the records no longer exist.", number)
    return text % {"n": number}
