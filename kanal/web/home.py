"""The start page: the user's tasks for today and recent records (only of installed types)."""

import datetime as dt
from collections import defaultdict
from operator import itemgetter
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from kanal.core import registry
from kanal.core.access import display_names, may_open
from kanal.core.dashboards import HOME, Viewer
from kanal.core.models import Change
from kanal.web import dashboards, navigation

RECENT = 10
LOOKED_AT = 120


def home(request: HttpRequest) -> HttpResponse:
    """Show the start page. Its more expensive figures are loaded later."""
    viewer = Viewer(request.user)
    if request.GET.get("part") == "figures":
        return render(request, "pages/home/figures.html", {"figures": dashboards.figures_on(viewer, HOME)})
    now = timezone.localtime()
    context = {
        "title": greeting(now, request.user),
        "today": now.date(),
        "labels": dashboards.figure_titles(viewer, HOME),
        "figures_url": f"{request.path}?part=figures",
        "cards": dashboards.cards_on(viewer, HOME),
        "recent": recent(request.user),
        "begin": navigation.menus(request.user, get_language())[1][:4],
    }
    return render(request, "pages/home.html", context)


def greeting(now: dt.datetime, user: Any) -> str:
    """Return a greeting by time of day and name."""
    words = _("Good morning") if now.hour < 12 else _("Good afternoon") if now.hour < 18 else _("Good evening")
    return f"{words}, {user.first_name}" if user.first_name else words


def recent(user: Any) -> list[dict[str, Any]]:
    """Return the records that the user changed last and can still see, except parts of other records."""
    rows = Change.objects.filter(actor_id=user.pk).order_by("-id").values_list("entity", "record_id", "at")[:LOOKED_AT]
    changed_at: dict[str, dict[int, dt.datetime]] = defaultdict(dict)
    for key, pk, at in rows:
        changed_at[key].setdefault(pk, at)
    records: list[dict[str, Any]] = []
    for key, moments in changed_at.items():
        entity = registry.find(key)
        if entity is None or entity.scope.parent or not may_open(user, entity):
            continue
        records += [
            {"label": name, "url": entity.url(pk), "icon": entity.icon, "type": entity.label, "at": moments[pk]}
            for pk, name in display_names(user, entity, moments).items()
        ]
    return sorted(records, key=itemgetter("at"), reverse=True)[:RECENT]
