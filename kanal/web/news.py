"""“Since you last looked”: what others changed on a record since one's last visit or another moment (DET-7).

A shown page requests this part and so stores the visit: the page itself neither waits for it nor writes.
"""

import datetime as dt
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kanal.core.access import get_for
from kanal.core.entity import Entity
from kanal.core.visits import NEVER, last_look, store_visit
from kanal.kit.registries import Registry
from kanal.web import timeline

MOST_LINES = 12


@dataclass(frozen=True)
class StartingPoint:
    """A moment from which news count: `moment(user, entity, pk)` returns it, None if there was none for the record.

    `applies(entity)` tells which types have it.
    """

    key: str
    label: Any
    moment: Callable[[Any, Entity, int], dt.datetime | None]
    applies: Callable[[Entity], bool] = lambda entity: True


starting_points: Registry[StartingPoint] = Registry("starting points of news", lambda point: point.label)


def add_starting_point(point: StartingPoint) -> None:
    """Add a moment from which users may see the news of a record."""
    starting_points.register(point.key, point)


LOOK = "look"
add_starting_point(StartingPoint(LOOK, gettext_lazy("Since you last looked"), last_look))


def news(request: HttpRequest, entity: Entity, pk: int) -> HttpResponse:
    """Return the news of a record since the user's last look, or since `?from=` another starting point."""
    record = get_for(request.user, entity, pk)
    points = [point for point in starting_points.values() if point.applies(entity)]
    chosen = next((point for point in points if point.key == request.GET.get("from")), starting_points[LOOK])
    since = chosen.moment(request.user, entity, pk)
    items = news_of(request.user, entity, record, since)
    store_visit(request.user, entity, pk)
    context = {
        "title": chosen.label if since else _("In the last 30 days"),
        "since": since,
        "counts": counts_of(entity, items),
        "items_html": timeline.html_of(items[:MOST_LINES]),
        "more": f"{entity.url(pk)}?tab=history" if len(items) > MOST_LINES and entity.has_history else "",
        "others": [{"label": point.label, "url": f"?from={point.key}"} for point in points if point is not chosen],
        "is_shown": bool(items) or "from" in request.GET,
        "is_open": "from" in request.GET,
        "url": f"{entity.url(pk)}news",
    }
    return render(request, "pages/detail/news.html", context)


def news_of(user: Any, entity: Entity, record: Any, since: dt.datetime | None) -> list[timeline.Item]:
    """Return what others did on a record since a moment, by default in the last 30 days, as far as the user sees it."""
    first = since or timezone.now() - NEVER
    items = timeline.items_of(user, entity, record)
    return [item for item in items if item.by != user.pk and (item.stored_at or item.at) > first]


def counts_of(entity: Entity, items: list[timeline.Item]) -> list[dict[str, Any]]:
    """Return the number of items of each kind, with the label of the kind."""
    labels = {kind["key"]: kind["label"] for kind in timeline.kinds_of(entity)}
    return [{"label": labels[kind], "number": number} for kind, number in Counter(item.kind for item in items).items()]
