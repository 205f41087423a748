"""Pages to create, change and delete a record. Rendering and parsing of controls is in forms.py."""

import json
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import render
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from kanal.core import access, registry, writes
from kanal.core.access import FieldContext, get_for, require, visible_to
from kanal.core.actor import Actor
from kanal.core.entity import Entity
from kanal.core.fields import Field, fields_of, sections_of
from kanal.core.transitions import without_unreachable
from kanal.kit.errors import Conflict, Invalid, NotFound, Refused
from kanal.web import actions, display, forms, navigation
from kanal.web.action_panel import link_field
from kanal.web.fieldtypes import presenter_of
from kanal.web.http import actor_of, go, id_of, next_of, wants_fragment


def sections_for(user: Any, entity: Entity, record: Any = None) -> list[tuple[str, list[Field]]]:
    """Return a type's groups of fields that the user may write. Statuses are limited to those reachable by a form."""
    allowed = writable_in_form(user, entity, record)
    groups = [
        (title, [without_unreachable(entity, allowed[field.key], record) for field in group if field.key in allowed])
        for title, group in sections_of(entity)
    ]
    return [(title, fields) for title, fields in groups if fields]


def writable_in_form(user: Any, entity: Entity, record: Any = None) -> dict[str, Field]:
    """Return the fields that the user may write, including those that another project or subtype would enable."""
    if record is None:
        preset = writes.preset_of(entity, Actor(user), {})
        allowed = FieldContext.of_new(user, entity, preset)
    else:
        allowed = FieldContext.of_record(user, entity, record)
    fields = {**allowed.undecided().writable, **allowed.writable}
    status = entity.listing.status  # its condition is decided here, the page evaluates those on other fields
    limited = {key: field.but(applies=field.applies.without(status)) for key, field in fields.items() if field.applies}
    return {**fields, **limited}


def defaults_for(request: HttpRequest, entity: Entity, fields: list[Field]) -> dict[str, Any]:
    """Return the initial values of a new record's form: the type's presets, else the fields' defaults."""
    preset = writes.preset_of(entity, actor_of(request), request.GET)
    defaults, currency = {}, currency_for(request, entity)
    for field in fields:
        value = preset.get(field.key, field.default() if callable(field.default) else field.default)
        if value is None:
            value = presenter_of(field).blank(currency)
        if value is None and field.key == "currency":
            value = currency
        if value is None and field.has_rows and (field.required or field.key == entity.listing.status):
            row = field.table.default(field.group)
            value = row.key if row else None
        defaults[field.key] = getattr(value, "pk", value)
    return defaults


def currency_for(request: HttpRequest, entity: Entity) -> str:
    """Return the currency of a new record's amounts, based on the values in the URL."""
    return writes.currency_of_new(entity, given_by(request, entity), access.clean_context(request.user))


def currency_page(request: HttpRequest, entity: Entity) -> JsonResponse:
    """Return the currency of a new record for the values chosen so far, and the field it comes from."""
    currency = currency_for(request, entity)
    fields = fields_of(entity)
    labels = [str(fields[key].label) for key in entity.rules.currency_from if request.GET.get(key)]
    note = _("%(currency)s, from the field “%(field)s”") % {"currency": currency, "field": labels[0]} if labels else ""
    return JsonResponse({"currency": currency, "note": note})


def new_record(request: HttpRequest, entity: Entity, project: Any = None) -> HttpResponse:
    """Show and process the form of a new record. `?account=7` prefills a field."""
    require(request.user, entity, "add")
    if request.GET.get("part") == "currency":
        return currency_page(request, entity)
    sections = sections_for(request.user, entity)
    fields = [field for _title, group in sections for field in group]
    values = defaults_for(request, entity, fields)
    if project is not None and entity.scope.project:
        values[entity.scope.project.removesuffix("_id")] = project.pk
    form = forms.build_form(sections, values, request.user, is_named=False)
    given = given_by(request, entity)
    if entity.main_fields:
        form.fold([*entity.main_fields, *given])
    form.initial = {entry.name: forms.entry_texts(entry) for entry in form.folded}
    forms.prefill(form, given)
    if request.method == "POST":
        typed = forms.read_form(form, request.POST)
        record = try_write(form, lambda: create_record(entity, typed, request, form))
        if record is not None:
            return go(request, after_new(request, entity, record))
    forms.fill_titles(form.entries, request.user)
    return render_form(
        request, entity, form, title=str(entity.phrases.new), save=_("Save"), save_and_new=True,
        currency_from=entity.rules.currency_from,
    )  # fmt: skip


def given_by(request: HttpRequest, entity: Entity) -> QueryDict:
    """Return the values in the URL. `?on=leads.42` is the record from whose page the new one is created (NAV-3)."""
    given = request.GET.copy()
    key, _dot, number = given.get("on", "").partition(".")
    source, pk = registry.find(key), id_of(number)
    if source is None or pk is None or not visible_to(request.user, source).filter(pk=pk).exists():
        return given
    field = link_field(source, entity)
    if field and field not in given:
        given[field] = str(pk)
    return given


@transaction.atomic
def create_record(entity: Entity, typed: dict[str, Any], request: HttpRequest, form: forms.Form) -> Any:
    """Create the record, including values from the URL for fields not in the form, and run its action on it."""
    stop_at_unreadable(form, entity, typed, request, None)
    known = fields_of(entity)
    given = given_by(request, entity)
    extra = {key: given[key] for key in given if key in known and key not in typed and known[key].target}
    hidden = {key: id_of(text) for key, text in extra.items() if not known[key].read_only}
    record = writes.create(entity, {**hidden, **typed}, by=actor_of(request))
    actions.pick_new(request, record)
    return record


def stop_at_unreadable(
    form: forms.Form, entity: Entity, typed: dict[str, Any], request: HttpRequest, record: Any
) -> None:
    """Raise Invalid if a number couldn't be parsed, together with all other errors."""
    errors = {entry.name: entry.errors for entry in form.entries if entry.errors}
    if not errors:
        return
    try:
        writes.clean_values(entity, typed, by=actor_of(request), record=record)
    except Invalid as problem:
        raise Invalid({**problem.errors, **errors}) from None
    raise Invalid(errors)


def try_write(form: forms.Form, do: Any) -> Any:
    """Run a write. Add its errors to the form and return None on failure."""
    try:
        return do()
    except Invalid as problem:
        form.refuse(problem)
    except Refused as problem:
        form.problems.append(str(problem))
    return None


def after_new(request: HttpRequest, entity: Entity, record: Any) -> str:
    """Return the URL of the new record, or of an empty form with the same values prefilled (NAV-3)."""
    if request.POST.get("then") == "new":
        return request.get_full_path()
    return next_of(request, entity.url(record.pk))


def edit_record(request: HttpRequest, entity: Entity, pk: int) -> HttpResponse:
    """Show and process the form of an existing record."""
    record = get_for(request.user, entity, pk, "edit")
    sections = sections_for(request.user, entity, record)
    values = forms.record_values(record, (field for _title, group in sections for field in group))
    form = forms.build_form(sections, values, request.user, is_named=False)
    if entity.main_fields:
        form.fold(entity.main_fields)
    revision, conflict = record.revision, []
    original = {entry.name: forms.entry_texts(entry) for entry in form.entries}
    if request.method == "POST":
        typed = forms.read_form(form, request.POST)
        revision = id_of(request.POST.get("revision")) or record.revision
        try:
            changed = try_write(form, lambda: change_record(record, typed, request, form, revision))
            if changed is not None:
                return go(request, next_of(request, entity.url(pk)))
        except Conflict as problem:
            record = get_for(request.user, entity, pk, "edit")  # the one above is older than the conflict
            values = forms.record_values(record, (field for _title, group in sections for field in group))
            conflict = merge(form, problem, values, request.POST)
            revision = record.revision
    forms.fill_titles(form.entries, request.user)
    context = {"record": record, "revision": revision, "conflict": conflict, "original": json.dumps(original)}
    return render_form(
        request,
        entity,
        form,
        title=str(entity.phrases.edit),
        save=entity.update_label,
        status=409 if conflict else 0,
        **context,
    )


def change_record(record: Any, typed: dict[str, Any], request: HttpRequest, form: forms.Form, revision: int) -> Any:
    """Change the record, unless somebody else has changed it in the meantime."""
    entity = registry.of(record)
    assert entity is not None
    stop_at_unreadable(form, entity, typed, request, record)
    return writes.change(record, typed, by=actor_of(request), expected=revision)


def merge(form: forms.Form, problem: Conflict, present: dict[str, Any], posted: QueryDict) -> list[dict[str, Any]]:
    """Adopt others' changes where the user changed nothing, and list each change, so that nothing is lost (FORM-3)."""
    try:
        original = dict(json.loads(posted.get("original", "")))
    except (ValueError, TypeError, RecursionError):
        original = {}
    changes = []
    for entry in form.entries:
        mine = forms.entry_texts(entry)
        is_mine = mine != original.get(entry.name, mine)
        now = present.get(entry.name)
        if entry.name in problem.changes:
            changes.append({"entry": entry, "now": display.format_value(entry.field, now), "is_mine": is_mine})
            entry.is_marked = True
            entry.note = _("Somebody else changed this to: %(value)s") % {
                "value": display.format_value(entry.field, now) or "–"
            }
        if not is_mine:
            entry.presenter.show(entry, now)
    return changes


def delete_record(request: HttpRequest, entity: Entity, pk: int) -> HttpResponse:
    """Ask for confirmation, delete a record and redirect to the list. Raise NotFound if the type isn't deletable."""
    if not entity.is_deletable:
        raise NotFound
    record = get_for(request.user, entity, pk, "delete")
    own = registry.action(entity, "delete")
    if own and own.run:
        return actions.action(request, entity, pk, "delete")
    if request.method == "POST":
        writes.delete(record, by=actor_of(request))
        messages.success(request, _("Deleted: %(name)s") % {"name": str(record)})
        return go(request, next_of(request, entity.list_url))
    text = own.button.confirm if own and own.button.confirm else _("Are you sure?")
    back = next_of(request, "")
    url = f"{entity.url(pk)}delete" + (f"?{urlencode({'next': back})}" if back else "")
    context = {"entity": entity, "record": record, "text": text, "url": url}
    return dialog(request, "pages/confirm.html", context)


def dialog(request: HttpRequest, template: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
    """Return a dialog's content to a script, or a page that contains it to a person."""
    name = f"{template}#fragment" if wants_fragment(request) else template
    return render(request, name, context, status=status)


def render_form(
    request: HttpRequest,
    entity: Entity,
    form: forms.Form,
    *,
    title: str,
    save: str,
    status: int = 0,
    **more: Any,
) -> HttpResponse:
    """Return the page of a form."""
    cancel = entity.url(more["record"].pk) if "record" in more else entity.list_url
    context = {"entity": entity, "form": form, "title": title, "save": save, "cancel": next_of(request, cancel), **more}
    context["trail"] = navigation.trail(request.user, entity)
    if "record" in more:
        context["trail"].append({"label": str(more["record"]), "url": entity.url(more["record"].pk)})
    code = status or (422 if form.summary else 200)
    return render(request, "pages/form/page.html", context, status=code)
