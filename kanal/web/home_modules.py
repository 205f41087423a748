"""What waits for a user: figures and short lists of what is theirs, only of types that are there and permitted."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from kanal.core import registry
from kanal.core.access import has_permission
from kanal.core.aggregation import Aggregation, Measure, aggregate
from kanal.core.context import today
from kanal.core.currencies import main
from kanal.core.entity import Entity
from kanal.core.listing import ListQuery, Page, Row, read
from kanal.core.query import QueryError, parse
from kanal.kit.numbers import format_money, format_number
from kanal.web import navigation
from kanal.web.fieldtypes import Write
from kanal.web.lists.renderers import writer_of
from kanal.web.markup import NOTHING

SHOWN = 8
MY_LEADS = "assignee:any(me);stage:any(new,touched);is_archived:is(no)"
MY_ACTIVITIES = "assignee:any(me);done:is(no)"
MY_OPPORTUNITIES = "assignee:any(me);status:none(won,lost)"
CLOSING = f"{MY_OPPORTUNITIES};expected_close_date:within(this,month)"
WON = "assignee:any(me);sold_at:within(this,quarter)"
MY_TASKS = "assignee:any(me);done_percent:lt(100)"


@dataclass(frozen=True)
class Figure:
    """A number of the day: how many records a filter finds, and beside it the sum of `money`."""

    label: Any
    key: str
    filter: str
    money: str = ""
    tone: str = ""


@dataclass(frozen=True)
class Block:
    """A list of the day: `sort` is its day, a deadline where it sorts upwards.

    A row shows the first of `hints` that is there, `marks` beside it, and offers `verb`.
    """

    title: Any
    key: str
    filter: str
    sort: str
    hints: tuple[str, ...] = ()
    marks: tuple[str, ...] = ()
    verb: str = ""
    nothing: Any = ""
    empty: Any = ""


FIGURES = (
    Figure(_("Overdue activities"), "activities", f"{MY_ACTIVITIES};start:before(today)", tone="danger"),
    Figure(_("Activities today"), "activities", f"{MY_ACTIVITIES};start:on(today)"),
    Figure(_("New leads"), "leads", "assignee:any(me);stage:any(new);is_archived:is(no)"),
    Figure(_("Open opportunities"), "opportunities", MY_OPPORTUNITIES, "value"),
    Figure(_("Closing this month"), "opportunities", CLOSING, "value"),
    Figure(_("Won this quarter"), "opportunities", WON, "value"),
)  # fmt: skip
BLOCKS = (
    Block(
        _("My activities"), "activities", MY_ACTIVITIES, "start", ("opportunity", "lead", "account", "contact"),
        ("category",), "mark-done", _("Your planned calls and meetings appear here, the next one first."),
    ),
    Block(
        _("My open opportunities"), "opportunities", MY_OPPORTUNITIES, "expected_close_date", ("account",),
        ("value", "status"), nothing=_("Qualify a lead, or create an opportunity."),
    ),
    Block(
        _("My leads"), "leads", MY_LEADS, "-received_at", ("company",), ("status",),
        nothing=_("Leads assigned to you appear here, the newest first."),
    ),
    Block(_("My tasks"), "tasks", MY_TASKS, "due", ("project",), nothing=_("Nothing to do in your projects.")),
)  # fmt: skip


def own(user: Any, text: str) -> str:
    """Return a filter as it is for a user: of partner users, what their partner has."""
    return text.replace("assignee:any(me)", "partner:any(my_partner)") if user.is_external else text


def figures_of(user: Any) -> list[dict[str, Any]]:
    """Count what waits for a user; each figure leads to its list."""
    return [result for spec in FIGURES if (result := figure(user, spec))]


def labels_of(user: Any) -> list[Any]:
    """Name the figures that a user will get."""
    return [spec.label for spec in FIGURES if permitted(user, spec.key)]


def figure(user: Any, spec: Figure) -> dict[str, Any] | None:
    """Return one figure, or None where its type or a field is not there for the user."""
    entity = permitted(user, spec.key)
    if entity is None:
        return None
    measures = (Measure("sum", spec.money),) if spec.money else ()
    try:
        group = aggregate(Aggregation(ListQuery(entity, user, node=parse(own(user, spec.filter))), measures)).whole
    except QueryError:
        return None
    count, total = group.count, next(iter(group.values.values()), None)
    language = get_language() or "en"
    sum_text = format_money(total.converted, main(), language) if total and total.converted else ""
    return {
        "label": spec.label,
        "value": format_number(count, language),
        "hint": sum_text,
        "url": list_url(entity, own(user, spec.filter)),
        "tone": spec.tone if count else "",
    }


def permitted(user: Any, key: str) -> Entity | None:
    """Return a type if it is installed and the user may see records of it."""
    entity = registry.find(key)
    return entity if entity is not None and has_permission(user, entity, "view") else None


def list_url(entity: Entity, text: str) -> str:
    """Return the address of the list behind a filter."""
    return f"{entity.list_url}?{urlencode({'filter': text})}"


def blocks_of(user: Any) -> list[dict[str, Any]]:
    """Return the lists of what waits for a user."""
    return [result for spec in BLOCKS if (result := block(user, spec))]


def block(user: Any, spec: Block, project: Any = None) -> dict[str, Any] | None:
    """Return one list (of a project), or None where its type or a field is not there for the user."""
    entity, when = permitted(user, spec.key), spec.sort.removeprefix("-")
    if entity is None:
        return None
    columns, within = (*spec.hints, *spec.marks, when), project.pk if project is not None else None
    ask = ListQuery(entity, user, columns=columns, sort=spec.sort, limit=SHOWN + 1, project=within)
    try:
        page = read(ask.but(node=parse(own(user, spec.filter))))
    except QueryError:
        return None
    acts = spec.verb if registry.action(entity, spec.verb) and has_permission(user, entity, "edit") else ""
    writers = {column.key: writer_of(column, page, entity.listing.status) for column in page.columns}
    rows = page.rows[:SHOWN]
    return {
        "block": spec,
        "empty": spec.empty or _("All done"),
        "entity": entity,
        "items": [{**item(entity, page, row, spec, writers), "verb": acts} for row in rows],
        "more": list_url(entity, own(user, spec.filter)) if len(page.rows) > SHOWN else "",
        "url": list_url(entity, own(user, spec.filter)),
        "new": f"/{entity.path}/new" if navigation.can_begin(user, entity) else "",
        "new_label": str(entity.phrases.new),
    }


def item(entity: Entity, page: Page, row: Row, spec: Block, writers: dict[str, Write]) -> dict[str, Any]:
    """Return one row of a list: its name, what it belongs to, its marks and its day."""
    day = row.values.get(spec.sort.removeprefix("-"))
    return {
        "label": row.title,
        "url": entity.url(row.id),
        "hint": next(written(row, spec.hints, writers), ""),
        "marks": list(written(row, spec.marks, writers)),
        "day": day,
        "late": not spec.sort.startswith("-") and day is not None and day_of(day) < today(),
    }


def written(row: Row, keys: tuple[str, ...], writers: dict[str, Write]) -> Iterator[Any]:
    """Write the values of a row that are there."""
    texts = (writers[key](row.values[key]) for key in keys if key in writers)
    return (text for text in texts if text != NOTHING)


def day_of(value: dt.date) -> dt.date:
    """Return a day, or the day of a moment for the reader."""
    return timezone.localtime(value).date() if isinstance(value, dt.datetime) else value
