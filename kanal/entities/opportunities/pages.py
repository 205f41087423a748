"""The page to move an opportunity and change other fields (OPP-4)."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from kanal.core import registry, verbs
from kanal.core.access import get_for
from kanal.entities.opportunities import actions, rules
from kanal.kit.errors import Invalid, Refused
from kanal.web import forms
from kanal.web.http import actor_of, go

EMPTY = (None, "")


def move_opportunity(request: HttpRequest, pk: int) -> HttpResponse:
    """Move an opportunity. "Move" returns to the list, "Move and follow" shows the opportunity."""
    entity = registry.get("opportunities")
    opportunity = get_for(request.user, entity, pk, "move")
    rules.refuse_if_locked(opportunity, request.user)
    action = registry.action(entity, "move")
    assert action is not None
    inputs = verbs.inputs_of(request.user, entity, action, opportunity)
    values = {field.key: field.get(opportunity) for field in inputs if field.column} | {"with_tasks": True}
    form = forms.build_form([(_("Opportunity"), inputs)], values, request.user)
    if request.method == "POST":
        typed = forms.read_form(form, request.POST)
        try:
            emptied = [key for key, raw in typed.items() if raw in EMPTY and values[key] not in EMPTY]
            moved = actions.move_opportunity(opportunity, typed, by=actor_of(request), emptied=emptied)
            messages.success(request, _("The opportunity was moved."))
            follows = request.POST.get("do") == "follow"
            return go(request, moved.get_absolute_url() if follows else entity.list_url)
        except Invalid as problem:
            form.refuse(problem)
        except Refused as problem:
            form.problems.append(str(problem))
    context = {"opportunity": opportunity, "form": form, "entity": entity}
    return render(request, "opportunities/move.html", context, status=422 if form.summary else 200)
