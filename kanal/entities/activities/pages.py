"""Logging a call from any page in three steps (NAV-4, UX-3), and the next step after an activity is done."""

import datetime as dt
import json
from typing import Any
from urllib.parse import urlsplit

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from kanal.core import access, registry, writes
from kanal.core.fields import Field
from kanal.core.fields.from_model import model_field
from kanal.entities.activities.entity import ACTIVITIES, ON
from kanal.entities.activities.models import PARENTS, Activity
from kanal.features.search.finding import search_records
from kanal.kit.errors import Invalid, NotFound
from kanal.web import forms
from kanal.web.form import dialog, try_write
from kanal.web.http import actor_of, go, id_of, next_of, wants_fragment

CALL = "call"
OFFERED = 12
NEXT_STEP_DAYS = 7


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
    """Show and process the dialog for a completed call: with whom, subject, outcome."""
    access.require(request.user, ACTIVITIES, "add")
    on = request.POST.get("on") or request.GET.get("on", "")
    on = on if on.partition(".")[0] in ON else ""
    chosen = parent_of(request.user, on) if on else None
    with_whom = str(chosen[1]) if chosen else ""
    subject = _("Call with %(name)s") % {"name": with_whom} if with_whom else ""
    names = ("subject", "outcome", "next_step") if chosen else ("outcome", "next_step")
    form = forms.build_form([("", fields(*names))], {"subject": subject[:200]}, request.user)
    problems: list[str] = []
    if request.method == "POST":
        typed = forms.read_form(form, request.POST)
        if not chosen:
            problems.append(_("Choose who the call was with."))
        elif call := try_write(form, lambda: store_call(request, chosen, typed)):
            return logged(request, chosen, call)
    form.problems += problems
    context = {
        "form": form,
        "on": on,
        "with_whom": with_whom,
        "number": request.GET.get("number", "")[:40],
        "next": next_of(request, ""),
    }
    return dialog(request, "activities/log_call.html", context)


def store_call(request: HttpRequest, chosen: tuple[str, Any], typed: dict[str, Any]) -> Any:
    """Store the call as an activity completed now by the user."""
    key, record = chosen
    subject = typed.pop("subject", "") or _("Call with %(name)s") % {"name": record}
    now = timezone.now()
    values = {**typed, "subject": subject[:200], "category": CALL, "done": True, "start": now, "end": now}
    values |= {ON[key]: record.pk, "assignee": request.user.pk}
    if key == "contacts":
        values["contacts"] = [record.pk]
    return writes.create(ACTIVITIES, values, by=actor_of(request))


def logged(request: HttpRequest, chosen: tuple[str, Any], call: Any) -> HttpResponse:
    """Confirm the logged call. On the record's own page reload it including the head, and offer the next step."""
    key, record = chosen
    page = registry.get(key).url(record.pk)
    if urlsplit(request.headers.get("HX-Current-URL", "")).path == page:
        messages.success(request, _("The call with %(name)s was logged.") % {"name": record})
        return go(request, f"{page}?then=next-step.{call.pk}")
    if not wants_fragment(request):
        return go(request, next_of(request, registry.get(key).url(record.pk)))
    response = HttpResponse(status=200)
    about = {"type": ACTIVITIES.key, "about": [f"{key}.{record.pk}"]}
    toast = {"text": _("The call with %(name)s was logged.") % {"name": record}, "kind": "success"}
    response["HX-Trigger"] = json.dumps({"dialog:close": {}, "toast": toast, "live": about})
    response["HX-Reswap"] = "none"
    return response


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
    later = timezone.localtime(timezone.now() + dt.timedelta(days=NEXT_STEP_DAYS))
    day = later.replace(minute=0, second=0, microsecond=0)
    shown = access.FieldContext(request.user, ACTIVITIES).readable
    values = {"subject": done.next_step[:200] if "next_step" in shown else "", "start": day}
    values |= {"category": done.category.key if "category" in shown else None, "assignee": request.user.pk}
    form = forms.build_form([("", fields("category", "subject", "start", "assignee"))], values, request.user)
    if request.method == "POST":
        typed = forms.read_form(form, request.POST)
        made = try_write(form, lambda: plan(request, done, form, typed))
        if made:
            return go(request, next_of(request, ACTIVITIES.url(made.pk)))
    return dialog(request, "activities/next_step.html", {"form": form, "done": done, "url": request.path, "next": back})


def plan(request: HttpRequest, done: Any, form: forms.Form, typed: dict[str, Any]) -> Any:
    """Create the next activity."""
    if errors := {entry.name: entry.errors for entry in form.entries if entry.errors}:
        raise Invalid(errors)
    parents = {name: getattr(done, f"{name}_id") for name in PARENTS if getattr(done, f"{name}_id")}
    contacts = list(done.contacts.values_list("pk", flat=True))
    return writes.create(ACTIVITIES, {**parents, "contacts": contacts, **typed}, by=actor_of(request))


def offer_on(record: Any, user: Any, query: Any) -> dict[str, Any] | None:
    """Return the offer of a next step on the page of a record with a call just logged."""
    word, _dot, number = query.get("then", "").partition(".")
    pk = id_of(number)
    if word != "next-step" or pk is None or not access.has_permission(user, ACTIVITIES, "add"):
        return None
    call = access.visible_to(user, ACTIVITIES).filter(pk=pk, done=True).first()
    back = urlencode({"next": record.get_absolute_url()})
    return {"dialog": f"{ACTIVITIES.url(call.pk)}next-step?{back}"} if call else None


def offer(activity: Any, user: Any, query: Any) -> dict[str, Any] | None:
    """Return the offer of a next step on the page of an activity just done."""
    if query.get("then") != "next-step" or not activity.done or not access.has_permission(user, ACTIVITIES, "add"):
        return None
    return {"dialog": f"{ACTIVITIES.url(activity.pk)}next-step"}
