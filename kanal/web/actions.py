"""The dialog and execution of an action: `/crm/leads/42/qualify`, generic for every declared action."""

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from kanal.core import access, registry, verbs
from kanal.core.access import FieldContext, choosable, get_for, visible_to
from kanal.core.action import Action, Dialog
from kanal.core.conflicts import retried
from kanal.core.entity import Entity
from kanal.core.fields import CleanContext
from kanal.kit.errors import Invalid, NotFound, Refused
from kanal.web import forms, navigation
from kanal.web.action_panel import action_url
from kanal.web.http import actor_of, go, id_of, next_of, wants_fragment

SHOWN = 30
HINTS = ("city", "email", "number")


def action(request: HttpRequest, entity: Entity, pk: int, verb: str) -> HttpResponse:
    """Show the inputs of an action, and run it."""
    record_action = registry.action(entity, verb)
    if record_action is None:
        raise NotFound
    record = get_for(request.user, entity, pk, "view" if record_action.button.begins else record_action.needs)
    if record_action.button.page or record_action.button.begins:
        return redirect(action_url(entity, record, record_action))
    verbs.require_possible(request.user, record_action, record)
    form = form_of(request, entity, record_action, record)
    if request.method != "POST":
        return render_action_dialog(request, entity, record, record_action, form)
    return post(request, entity, record, record_action, form)


def form_of(request: HttpRequest, entity: Entity, record_action: Action, record: Any) -> forms.Form:
    """Build the form with the inputs of an action."""
    inputs = verbs.inputs_of(request.user, entity, record_action, record)
    values = {field.key: field.default() if callable(field.default) else field.default for field in inputs}
    if record_action.dialog.initial:
        values.update(record_action.dialog.initial(record))
    form = forms.build_form([("", inputs)], values, request.user)
    forms.prefill(form, request.GET)
    return form


def post(request: HttpRequest, entity: Entity, record: Any, record_action: Action, form: forms.Form) -> HttpResponse:
    """Clean the input, run the action in a transaction and redirect. Show errors beside the fields."""
    try:
        values = clean(request, record_action, record, form)
        result = run_action(request, entity, record, record_action, values)
    except Invalid as problem:
        form.refuse(problem)
        return render_action_dialog(request, entity, record, record_action, form, status=422)
    except Refused as problem:
        form.problems.append(str(problem))
        return render_action_dialog(request, entity, record, record_action, form, status=409)
    button = record_action.button
    if button.done:
        messages.success(request, str(button.done))
    default = page_after(request.user, entity, record, result)
    back = next_of(request, "")
    if button.then and back:
        return redirect(f"{entity.url(record.pk)}{button.then}?{urlencode({'next': back})}")
    return go(request, back or (f"{default}?then={button.then}" if button.then else default))


def held_by(record_action: Action, record: Any, form: forms.Form, user: Any) -> CleanContext:
    """Return a cleaning context that accepts the record's current values even if the user can't see them."""
    context = access.clean_context(user)
    values = record_action.dialog.initial(record) if record_action.dialog.initial else {}
    for field in (entry.field for entry in form.entries):
        if field.type.category == "relation" and values.get(field.key):
            context.cache["record", field.target, values[field.key]] = True
    return context


def page_after(user: Any, entity: Entity, record: Any, result: Any) -> str:
    """Return the URL after an action: of the returned record, else of the record itself, if visible to the user.

    The list if both are deleted or no longer visible.
    """
    target = registry.of(result) if result is not None else None
    if target is not None and is_visible(user, target, result):
        return target.url(result.pk)
    return entity.url(record.pk) if is_visible(user, entity, record) else entity.list_url


def is_visible(user: Any, entity: Entity, record: Any) -> bool:
    """Return whether a record exists and is visible to the user."""
    return visible_to(user, entity).filter(pk=record.pk).exists()


@retried
@transaction.atomic
def run_action(request: HttpRequest, entity: Entity, record: Any, record_action: Action, values: dict[str, Any]) -> Any:
    """Lock the record, check again whether the action is possible, and run it."""
    current = get_for(request.user, entity, record.pk, record_action.needs, lock=True)
    verbs.require_possible(request.user, record_action, current)
    assert record_action.run is not None
    by = actor_of(request).within_action(record_action.verb)  # permitted: by `get_for` above
    return record_action.run(current, values, by=by)


def clean(request: HttpRequest, record_action: Action, record: Any, form: forms.Form) -> dict[str, Any]:
    """Clean the inputs of an action and the picked record. Raise Invalid with all errors."""
    typed = forms.read_form(form, request.POST)
    errors = {entry.name: list(entry.errors) for entry in form.entries if entry.errors}
    context, values = held_by(record_action, record, form, request.user), {}
    for entry in form.entries:
        if entry.name in errors:
            continue
        try:
            values[entry.name] = entry.field.clean(typed.get(entry.name), context)
        except ValueError as problem:
            errors[entry.name] = [str(problem)]
    if record_action.dialog.pick:
        picked = id_of(request.POST.get("picked"))
        if picked is None or not pickable(request.user, record_action.dialog, record).filter(pk=picked).exists():
            errors["picked"] = [_("Choose a record from the list.")]
        values[record_action.dialog.pick_as] = picked
    if errors:
        raise Invalid(errors)
    return values


def render_action_dialog(
    request: HttpRequest, entity: Entity, record: Any, record_action: Action, form: forms.Form, status: int = 200
) -> HttpResponse:
    """Return the dialog of an action, or the page that contains it."""
    context: dict[str, Any] = {
        "entity": entity,
        "record": record,
        "action": record_action,
        "form": form,
        "url": f"{entity.url(record.pk)}{record_action.verb}",
        "back": entity.url(record.pk),
        "save": record_action.dialog.save_label or _("Save"),
        "next": request.POST.get("next") or request.GET.get("next") or "",
    }
    if record_action.dialog.pick:
        context |= choices(request, record_action, record)
        context["begin"] = begin_of(request, entity, record, record_action)
    fragment = wants_fragment(request)
    if fragment and request.GET.get("part") == "rows":
        return render(request, "pages/action.html#rows", context)
    # A dialog replaces its content with the form and its errors, so its script gets a success status.
    return render(
        request,
        "pages/action.html#fragment" if fragment else "pages/action.html",
        context,
        status=200 if fragment else status,
    )


def pickable(user: Any, dialog: Dialog, record: Any) -> QuerySet:
    """Return the records offered by an action's dialog: those the user may choose, except the record itself."""
    target = registry.get(dialog.pick)
    records = choosable(user, target)
    if isinstance(record, target.model):
        records = records.exclude(pk=record.pk)
    return dialog.pick_from(record, records) if dialog.pick_from else records


def choices(request: HttpRequest, record_action: Action, record: Any) -> dict[str, Any]:
    """Search the records to pick from by name or id, newest first (NAV-3)."""
    target = registry.get(record_action.dialog.pick)
    query = (request.GET.get("q") or request.POST.get("q") or "").strip()
    records = pickable(request.user, record_action.dialog, record)
    if query:
        records = (
            records.filter(pk=id_of(query)) if id_of(query) else records.filter(**{f"{target.title}__icontains": query})
        )
    known = FieldContext(request.user, target).askable
    hint = next((name for name in target.listing.columns if name in HINTS and name in known), "")
    rows = records.order_by("-pk").values_list("pk", target.title, *([hint] if hint else []))[:SHOWN]
    items = [{"id": row[0], "label": row[1] or f"#{row[0]}", "hint": row[2] if hint else ""} for row in rows]
    picked = id_of(request.POST.get("picked") or request.GET.get("picked"))
    return {"target": target, "items": items, "query": query, "picked": picked}


def begin_of(request: HttpRequest, entity: Entity, record: Any, record_action: Action) -> dict[str, str] | None:
    """Return the link to create a record that's missing in the list. It's picked as soon as it's stored."""
    target = registry.get(record_action.dialog.pick)
    if record_action.dialog.inputs or not navigation.can_begin(request.user, target):
        return None
    query = {"for": f"{entity.key}.{record.pk}.{record_action.verb}", "next": entity.url(record.pk)}
    if entity.scope.project and target.scope.project == entity.scope.project:
        query[entity.scope.project.removesuffix("_id")] = getattr(record, entity.scope.project)
    return {"label": str(target.phrases.new), "url": f"/{target.path}/new?{urlencode(query)}"}


def pick_new(request: HttpRequest, record: Any) -> None:
    """Run the action for which a new record was created, as if it had been picked in the action's list."""
    parts = request.GET.get("for", "").split(".")
    entity = registry.find(parts[0])
    if len(parts) != 3 or entity is None or (pk := id_of(parts[1])) is None:
        return
    record_action, own = registry.action(entity, parts[2]), registry.of(record)
    if record_action and own and record_action.dialog.pick == own.key and not record_action.dialog.inputs:
        parent = get_for(request.user, entity, pk, record_action.needs)
        run_action(request, entity, parent, record_action, {record_action.dialog.pick_as: record.pk})
