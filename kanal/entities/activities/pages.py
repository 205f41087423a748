"""Logging a call from any page in three steps (NAV-4, UX-3), and the next step after an activity is done."""

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _

from kanal.core import access, registry
from kanal.core.fields import Field
from kanal.core.fields.from_model import model_field
from kanal.entities.activities.composer import (
    CALLS,
    NEXT_STEP_DAYS,
    activity_form,
    call_form,
    plan_next,
    store_activity,
    working_day,
)
from kanal.entities.activities.entity import ACTIVITIES, ON
from kanal.entities.activities.models import Activity
from kanal.features.search.finding import search_records
from kanal.kit.errors import NotFound
from kanal.web import forms
from kanal.web.composer import Stored, require_readable
from kanal.web.form import dialog, try_write
from kanal.web.http import actor_of, go, id_of, next_of, refresh, tell_page, wants_fragment

OFFERED = 12


def fields(*names: str) -> list[Field]:
    """Return the fields for some columns of activities."""
    return [model_field(Activity, name) for name in names]


def parent_of(user: Any, text: str) -> tuple[str, Any]:
    """Return the parent record named as `leads.42`. Raise NotFound if it can't have activities or isn't visible."""
    key, _dot, number = text.partition(".")
    pk = id_of(number)
    if key not in ON or pk is None:
        raise NotFound(_("Choose a lead, an opportunity, an account, a contact or a partner."))
    return key, access.get_for(user, registry.get(key), pk)


def log_call(request: HttpRequest) -> HttpResponse:
    """Show and process the dialog for a completed call: with whom, subject, outcome, next step."""
    access.require(request.user, ACTIVITIES, "add")
    on = request.POST.get("on") or request.GET.get("on", "")
    on = on if on.partition(".")[0] in ON else ""
    chosen = parent_of(request.user, on) if on else None
    form = activity_form(CALLS, request.user, registry.get(chosen[0]), chosen[1]) if chosen else call_form(request.user)
    problems: list[str] = []
    if request.method == "POST":
        typed = forms.read_form(form, request.POST)
        if not chosen:
            problems.append(_("Choose who the call was with."))
        elif call := try_write(form, lambda: store_call(request, chosen, form, typed)):
            return logged(request, chosen, call)
    form.problems += problems
    context = {
        "form": form,
        "on": on,
        "with_whom": str(chosen[1]) if chosen else "",
        "number": request.GET.get("number", "")[:40],
        "next": next_of(request, ""),
    }
    return dialog(request, "activities/log_call.html", context)


def store_call(request: HttpRequest, chosen: tuple[str, Any], form: forms.Form, typed: dict[str, Any]) -> Stored:
    """Store the call as an activity completed now by the user. Raise Invalid if a field couldn't be read."""
    require_readable(form)
    return store_activity(CALLS, registry.get(chosen[0]), chosen[1], typed, actor_of(request))


def logged(request: HttpRequest, chosen: tuple[str, Any], call: Stored) -> HttpResponse:
    """Confirm the logged call: the page of the record refreshes, other pages are told of it."""
    key, record = chosen
    if not wants_fragment(request):
        return go(request, next_of(request, registry.get(key).url(record.pk)))
    about = {"type": ACTIVITIES.key, "about": [f"{key}.{record.pk}"]}
    events = {"dialog:close": {}, "record:changed": {}, "live": about}
    return tell_page(events, call.message, label=call.offer, dialog=call.dialog)


def callees(request: HttpRequest) -> HttpResponse:
    """Return possible participants of a call: records of all types that have activities."""
    types = [entity for key in ("contacts", "leads", "accounts", "opportunities", "partners")
             if (entity := registry.find(key)) and access.has_permission(request.user, entity, "view")]  # fmt: skip
    hits = search_records(request.user, request.GET.get("q", ""), types, OFFERED) if types else []
    items = [{"id": f"{hit.entity.key}.{hit.id}", "label": hit.title, "hint": hint_of(hit)} for hit in hits]
    return JsonResponse({"items": items})


def hint_of(hit: Any) -> str:
    """Return the type of a hit and its distinguishing detail."""
    return " · ".join(text for text in (str(hit.entity.label), hit.hint) if text)


def next_step(request: HttpRequest, pk: int) -> HttpResponse:
    """Show and process the dialog for the next step after an activity (NAV-4), with the same parent records."""
    done, back = access.get_for(request.user, ACTIVITIES, pk), next_of(request, "")
    if back and not access.has_permission(request.user, ACTIVITIES, "add"):
        return go(request, back)
    access.require(request.user, ACTIVITIES, "add")
    shown = access.FieldContext(request.user, ACTIVITIES).readable
    values = {"subject": done.next_step[:200] if "next_step" in shown else "", "start": working_day(NEXT_STEP_DAYS)}
    values |= {"category": done.category.key if "category" in shown else None, "assignee": request.user.pk}
    form = forms.build_form([("", fields("category", "subject", "start", "assignee"))], values, request.user)
    if request.method == "POST":
        typed = forms.read_form(form, request.POST)
        made = try_write(form, lambda: store_next(request, done, form, typed))
        if made:
            return refresh(request, back or ACTIVITIES.url(made.pk), _("The next step is planned."))
    return dialog(request, "activities/next_step.html", {"form": form, "done": done, "url": request.path, "next": back})


def store_next(request: HttpRequest, done: Any, form: forms.Form, typed: dict[str, Any]) -> Any:
    """Create the next activity. Raise Invalid if a field couldn't be read."""
    require_readable(form)
    return plan_next(done, typed, actor_of(request))


def offer(activity: Any, user: Any, query: Any) -> dict[str, Any] | None:
    """Return the offer of a next step on the page of an activity just done."""
    if query.get("then") != "next-step" or not activity.done or not access.has_permission(user, ACTIVITIES, "add"):
        return None
    return {"dialog": f"{ACTIVITIES.url(activity.pk)}next-step"}
