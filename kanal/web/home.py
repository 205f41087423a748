"""The start page: what the user has to do today, and what they worked on (only of types that are installed)."""

import datetime as dt
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from kanal.core import registry
from kanal.core.access import may, titles_of, visible_to
from kanal.core.entity import Entity
from kanal.core.models import Change
from kanal.core.query import QueryError, Reader, condition, order_of, parse
from kanal.web import navigation

SHOWN = 8
RECENT = 10
LOOKED_AT = 120


def blocks() -> list[tuple[str, str, str, str]]:
    """List what the start page shows: (title, type, filter, sort); a type or field that is not there is left out."""
    return [
        (_("My leads"), "leads", "assignee:any(me);status:any(new,touched)", "-updated_at"),
        (_("My activities"), "activities", "assignee:any(me);done:is(false)", "start"),
        (_("My open opportunities"), "opportunities", "assignee:any(me);sold_at:empty()", "expected_close_date"),
        (_("My tasks"), "tasks", "assignee:any(me);done_percent:lt(100)", "due"),
    ]


def home(request: HttpRequest) -> HttpResponse:
    """Show the start page."""
    shown = [block(request.user, *one) for one in blocks()]
    context = {
        "title": greeting(timezone.localtime()),
        "blocks": [one for one in shown if one],
        "recent": recent(request.user),
        "begin": navigation.add_menu(request.user)[:4],
    }
    return render(request, "pages/home.html", context)


def greeting(now: dt.datetime) -> str:
    """Greet by the time of day."""
    return _("Good morning") if now.hour < 12 else _("Good afternoon") if now.hour < 18 else _("Good evening")


def block(user: Any, title: str, key: str, text: str, sort: str) -> dict[str, Any] | None:
    """Give one list of the start page, or None where its type is not there or not permitted."""
    entity = registry.find(key)
    if entity is None or not may(user, entity, "view"):
        return None
    reader = Reader(user)
    usable = []
    for part in text.split(";"):
        try:
            usable.append(condition(parse(part), entity, reader))
        except QueryError:
            continue
    if not usable:
        return None
    records = visible_to(user, entity).filter(*usable).order_by(*orders(entity, sort, reader))
    rows = records.values_list("pk", entity.title)[: SHOWN + 1]
    items = [{"label": name or f"#{pk}", "url": entity.url(pk)} for pk, name in rows]
    more = f"{entity.list_url}?{urlencode({'filter': text})}"
    return {"title": title, "entity": entity, "items": items[:SHOWN], "more": more if len(items) > SHOWN else ""}


def orders(entity: Entity, sort: str, reader: Reader) -> list[Any]:
    """Give the order of a list; the type's own where the wanted one is not there."""
    try:
        return [one for _key, one in order_of(sort, entity, reader)]
    except QueryError:
        return [one for _key, one in order_of(entity.listing.sort, entity, reader)]


def recent(user: Any) -> list[dict[str, Any]]:
    """Give the records that the user changed last and still may see."""
    rows = Change.objects.filter(actor_id=user.pk).order_by("-id").values_list("entity", "record_id", "at")[:LOOKED_AT]
    seen: dict[tuple[str, int], dt.datetime] = {}
    for key, pk, at in rows:
        seen.setdefault((key, pk), at)
    found: list[dict[str, Any]] = []
    for key in {key for key, _pk in seen}:
        entity = registry.find(key)
        if entity is None:
            continue
        titles = titles_of(user, entity, [pk for one, pk in seen if one == key])
        found += [
            {"label": name, "url": entity.url(pk), "icon": entity.icon, "type": entity.label, "at": seen[(key, pk)]}
            for pk, name in titles.items()
        ]
    return sorted(found, key=lambda one: one["at"], reverse=True)[:RECENT]
