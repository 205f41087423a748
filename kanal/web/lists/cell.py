"""One field of a record changed where it stands, in a list or on its own page, by the rules of the form (LIST-4)."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from kanal.core import access, listing, writes
from kanal.core.access import FieldContext
from kanal.core.access.queryset import condition_for
from kanal.core.actor import ChangeSource
from kanal.core.entity import Entity
from kanal.core.fields import Field
from kanal.core.listing import ListQuery
from kanal.core.query import FilterContext, Test
from kanal.core.transitions import without_unreachable
from kanal.kit.errors import Conflict, Invalid, NotAllowed, NotFound, Refused
from kanal.web import display, forms
from kanal.web.fieldtypes import presenter_of
from kanal.web.http import actor_of, id_of
from kanal.web.lists.renderers import writer_of
from kanal.web.lists.rows import name_key, title_cell

IN_PLACE = "i-"


def editable_fields(allowed: FieldContext) -> dict[str, Field]:
    """Return the fields that can be changed in place; the context of a record says more than its type's (FORM-2)."""
    return {
        key: field
        for key, field in allowed.writable.items()
        if presenter_of(field).has_inline_form and forms.has_choice(field, {}, allowed.user)
    }


def fixed_rows(user: Any, entity: Entity, ids: list[int]) -> frozenset[int]:
    """Name the rows of a page that the user may see but not change; no query where one is as wide as the other."""
    if condition_for(user, entity, "edit") == condition_for(user, entity, "view"):
        return frozenset()
    return frozenset(ids) - set(access.visible_to(user, entity, "edit").filter(pk__in=ids).values_list("pk", flat=True))


def cell(request: HttpRequest, entity: Entity, pk: int, project: Any = None) -> HttpResponse:
    """Show the form of one field of a record, and take it; what stands in its place afterwards is the answer."""
    record = access.get_for(request.user, entity, pk, "edit")
    field = field_for(request, entity, record)
    if entity.rules.guard:
        entity.rules.guard(record, {field.key}, actor_of(request, ChangeSource.INLINE))
    form = forms.build_form([("", [field])], {field.key: field.get(record)}, request.user, is_named=False)
    form.entries[0].prefix = f"{IN_PLACE}{pk}-"
    if request.method != "POST":
        return render_cell_form(request, form, record.revision)
    value = forms.read_form(form, request.POST).get(field.key)
    revision = id_of(request.POST.get("revision")) or record.revision
    try:
        if not form.entries[0].errors:
            change_cell(request, record, field, value, revision)
            return changed(request, entity, pk, field)
    except Conflict as problem:
        tell_conflict(form, problem, field)
        return render_cell_form(request, form, problem.revision, 409)
    except Invalid as problem:
        form.refuse(problem)
    except Refused as problem:
        form.problems.append(str(problem))
        return render_cell_form(request, form, revision, 409)
    return render_cell_form(request, form, revision, 422)


def field_for(request: HttpRequest, entity: Entity, record: Any) -> Field:
    """Return the field that is asked for; raise NotFound where there is none, NotAllowed where it is read-only."""
    key = request.GET.get("field", "")
    allowed = FieldContext.of_record(request.user, entity, record)
    field = editable_fields(allowed).get(key)
    if field is None:
        if key in allowed.readable:
            raise NotAllowed(_("This field can't be changed."))
        raise NotFound(_("There is no such field."))
    return without_unreachable(entity, field, record)


def change_cell(request: HttpRequest, record: Any, field: Field, value: Any, revision: int) -> None:
    """Store the value, unless somebody else changed this very field meanwhile; their other changes stay (FORM-3)."""
    by = actor_of(request, ChangeSource.INLINE)
    try:
        writes.change(record, {field.key: value}, by=by, expected=revision)
    except Conflict as problem:
        if field.key in problem.changes:
            raise
        change_cell(request, record, field, value, problem.revision)


def tell_conflict(form: forms.Form, problem: Conflict, field: Field) -> None:
    """Say what stands there now; saving again replaces it."""
    now = display.format_value(field, problem.changes[field.key]) or "–"
    form.entries[0].errors = [_("Somebody else changed this to: %(value)s") % {"value": now}]


def render_cell_form(request: HttpRequest, form: forms.Form, revision: int, status: int = 200) -> HttpResponse:
    """Answer with the form of the cell; what is wrong stands in it."""
    forms.fill_titles(form.entries, request.user)
    entry = form.entries[0]
    entry.errors = [*entry.errors, *form.problems]
    return render(request, "pages/list/cell.html", {"entry": entry, "revision": revision}, status=status)


def changed(request: HttpRequest, entity: Entity, pk: int, field: Field) -> HttpResponse:
    """Answer with fresh content for all that the page shows of the record, since more may follow from the field."""
    keys = [key for key in request.GET.get("columns", "").split(",") if key]
    response = HttpResponse(cells(request.user, entity, pk, keys) if keys else facts(request.user, entity, pk))
    if not response.content or (not keys and field.key in (entity.title, entity.listing.status)):
        response["HX-Refresh"] = "true"
    return response


def cells(user: Any, entity: Entity, pk: int, keys: list[str]) -> SafeString:
    """Write the cells of a row as the list does; nothing where the user no longer sees the record."""
    columns = listing.columns_of(entity, keys, FilterContext(user))
    page = listing.read_page(ListQuery(entity, user, Test("id", "is", (str(pk),)), limit=1), columns)
    named = name_key(entity, columns)
    texts = []
    for row in page.rows:
        for column in columns:
            write = writer_of(column, page, entity.listing.status)
            text = title_cell(entity, row, column.key, write) if column.key == named else write(row.values[column.key])
            texts.append((column.key, SafeString(text) if hasattr(text, "__html__") else text))
    return format_html_join("", '<div data-field="{}">{}</div>', texts)


def facts(user: Any, entity: Entity, pk: int) -> SafeString:
    """Write the facts of a record as its page does; nothing where the user no longer sees it."""
    record = access.visible_to(user, entity).filter(pk=pk).first()
    if record is None:
        return format_html("")
    facts_by_key = display.facts_of(user, record, FieldContext(user, entity).readable.values())
    return format_html_join(
        "", '<div data-field="{}">{}</div>', ((key, fact.html) for key, fact in facts_by_key.items())
    )
