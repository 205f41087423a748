"""The start page: the home of the user's kind, composed of the dashboard modules that record types register."""

import datetime as dt
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from kanal.core.dashboards import Viewer
from kanal.core.homes import home_of
from kanal.web import dashboards, navigation


def home(request: HttpRequest) -> HttpResponse:
    """Show the home of the user. `?part=figures` returns its figures, `?part=card&key=…` a card that takes longer."""
    viewer, page = Viewer(request.user), home_of(request.user)
    part = request.GET.get("part")
    if part == "figures":
        return render(request, "pages/home/figures.html", {"figures": dashboards.figures_on(viewer, page)})
    if part == "card":
        card = dashboards.card_on(viewer, page, request.GET.get("key", ""))
        return render(request, "pages/home/card.html", {"module": card})
    now = timezone.localtime()
    cards = dashboards.cards_on(viewer, page, request.path)
    context = {
        "title": greeting(now, request.user),
        "today": now.date(),
        "labels": dashboards.figure_titles(viewer, page),
        "figures_url": f"{request.path}?part=figures",
        "cards": [card for card in cards if not card["is_aside"]],
        "aside": [card for card in cards if card["is_aside"]],
        "begin": navigation.menus(request.user, get_language())[1][:4],
    }
    return render(request, "pages/home.html", context)


def greeting(now: dt.datetime, user: Any) -> str:
    """Return a greeting by time of day and name."""
    words = _("Good morning") if now.hour < 12 else _("Good afternoon") if now.hour < 18 else _("Good evening")
    return f"{words}, {user.first_name}" if user.first_name else words
