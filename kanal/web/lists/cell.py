"""Inline editing of a field, in a list or on the record's page, by the rules of the form (LIST-4)."""

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
    """Return the fields that can be edited inline. A record's context is more precise than its type's (FORM-2)."""
    return {
        key: field
        for key, field in allowed.writable.items()
        if presenter_of(field).has_inline_form and forms.has_choice(field, {}, allowed.user)
    }


def fixed_rows(user: Any, entity: Entity, ids: list[int]) -> frozenset[int]:
    """Return the rows of a page that the user can see but not change, without a query if both scopes are equal."""
    if condition_for(user, entity, "edit") == condition_for(user, entity, "view"):
        return frozenset()
    return frozenset(ids) - set(access.visible_to(user, entity, "edit").filter(pk__in=ids).values_list("pk", flat=True))


def cell(request: HttpRequest, entity: Entity, pk: int, project: Any = None) -> HttpResponse:
    """Show and process the form of a field. Return the new content of its place."""
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
    """Return the requested field. Raise NotFound if there is none, NotAllowed if it's read-only."""
    key = request.GET.get("field", "")
    allowed = FieldContext.of_record(request.user, entity, record)
    field = editable_fields(allowed).get(key)
    if field is None:
        if key in allowed.readable:
            raise NotAllowed(_("This field can't be changed."))
        raise NotFound(_("There is no such field."))
    return without_unreachable(entity, field, record)


def change_cell(request: HttpRequest, record: Any, field: Field, value: Any, revision: int) -> None:
    """Store the value, unless somebody else has changed this field. Their changes to other fields remain (FORM-3)."""
    by = actor_of(request, ChangeSource.INLINE)
    try:
        writes.change(record, {field.key: value}, by=by, expected=revision)
    except Conflict as problem:
        if field.key in problem.changes:
            raise
        change_cell(request, record, field, value, problem.revision)


def tell_conflict(form: forms.Form, problem: Conflict, field: Field) -> None:
    """Show the current value. Saving again replaces it."""
    now = display.format_value(field, problem.changes[field.key]) or "–"
    form.entries[0].errors = [_("Somebody else changed this to: %(value)s") % {"value": now}]


def render_cell_form(request: HttpRequest, form: forms.Form, revision: int, status: int = 200) -> HttpResponse:
    """Return the form of the cell with its errors."""
    forms.fill_titles(form.entries, request.user)
    entry = form.entries[0]
    entry.errors = [*entry.errors, *form.problems]
    return render(request, "pages/list/cell.html", {"entry": entry, "revision": revision}, status=status)


def changed(request: HttpRequest, entity: Entity, pk: int, field: Field) -> HttpResponse:
    """Return the updated content of the whole record on the page, since other fields may depend on this one."""
    keys = [key for key in request.GET.get("columns", "").split(",") if key]
    response = HttpResponse(cells(request.user, entity, pk, keys) if keys else facts(request.user, entity, pk))
    if not response.content or (not keys and field.key in (entity.title, entity.listing.status)):
        response["HX-Refresh"] = "true"
    return response


def cells(user: Any, entity: Entity, pk: int, keys: list[str]) -> SafeString:
    """Render the cells of a row as in the list, empty if the user no longer sees the record."""
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
    """Render the facts of a record as on its page, empty if the user no longer sees it."""
    record = access.visible_to(user, entity).filter(pk=pk).first()
    if record is None:
        return format_html("")
    facts_by_key = display.facts_of(user, record, FieldContext(user, entity).readable.values())
    return format_html_join(
        "", '<div data-field="{}">{}</div>', ((key, fact.html) for key, fact in facts_by_key.items())
    )
