"""The start page: what the user has to do today, and what they worked on (only of types that are installed)."""

import datetime as dt
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from kanal.core import registry
from kanal.core.access import may, titles_of
from kanal.core.entity import Entity
from kanal.core.listing import Ask, Page, Row, read
from kanal.core.models import Change
from kanal.core.query import QueryError, parse
from kanal.web import navigation

SHOWN = 8
RECENT = 10
LOOKED_AT = 120


def blocks() -> list[tuple[str, str, str, str]]:
    """List what the start page shows: (title, type, filter, sort); a type or field that is not there is left out."""
    return [
        (_("My leads"), "leads", "assignee:any(me);stage:any(new,touched);is_archived:is(no)", "-received_at"),
        (_("My activities"), "activities", "assignee:any(me);done:is(no)", "start"),
        (_("My open opportunities"), "opportunities", "assignee:any(me);status:none(won,lost)", "expected_close_date"),
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
    with_whom, when = entity.listing.columns[1], sort.removeprefix("-")
    ask = Ask(entity, user, columns=(with_whom, when), sort=sort, limit=SHOWN + 1)
    try:
        page = read(ask.but(node=parse(text)))
    except QueryError:
        return None
    items = [item_of(entity, page, row, with_whom, when) for row in page.rows[:SHOWN]]
    more = f"{entity.list_url}?{urlencode({'filter': text})}"
    return {"title": title, "entity": entity, "items": items, "more": more if len(page.rows) > SHOWN else ""}


def item_of(entity: Entity, page: Page, row: Row, with_whom: str, when: str) -> dict[str, Any]:
    """Give one row of a block: its name, with whom it is, and its day."""
    field = page.columns[0].field
    value = row.values[with_whom]
    hint = page.name_of(field.target, value) if field.target else value
    labels = {option.key: str(option.label) for option in field.options()}
    return {
        "label": row.title,
        "url": entity.url(row.id),
        "hint": labels.get(hint, hint) if isinstance(hint, str) else "",
        "day": row.values[when],
    }


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
