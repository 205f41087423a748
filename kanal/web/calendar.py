"""The calendar of a record type: the records of a list by a date, moved by the same rules as in the form (LIST-8)."""

import datetime as dt
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from markupsafe import Markup, escape

from kanal.core import access, listing, writes
from kanal.core.actor import ChangeSource
from kanal.core.aggregation import Aggregation, Dimension, aggregate
from kanal.core.context import today
from kanal.core.entity import Entity
from kanal.core.fields import Field
from kanal.core.fields.times import is_day
from kanal.core.query import FilterContext, QueryError, Test, join
from kanal.kit.errors import Invalid, NotAllowed, NotFound
from kanal.kit.numbers import format_number
from kanal.kit.reading.ids import id_of
from kanal.web.calendar_periods import DAY, MONTH, WEEK, CalendarPeriod
from kanal.web.fieldtypes import presenter_of
from kanal.web.http import actor_of
from kanal.web.jinja import render as render_rows
from kanal.web.lists import filter_text
from kanal.web.lists import page as lists
from kanal.web.lists.state import State, add_parameters
from kanal.web.lists.views import ListView, register_view, switch
from kanal.web.markup import colour_attribute

MOST = 500
SHOWN = {MONTH: 4, WEEK: 25, DAY: 250}
SYSTEM = ("created_at", "updated_at")


def has_calendar(entity: Entity) -> bool:
    """Return whether a type's records have a date under which a calendar shows them."""
    return bool(entity.listing.dates)


def date_fields(user: Any, entity: Entity) -> dict[str, Field]:
    """Return the dates by which a user can arrange the records, the type's own one first.

    Raise NotFound if the type has none, or none that the user may see.
    """
    fields = access.FieldContext(user, entity).askable
    keys = [*entity.listing.dates[:1], *(key for key in fields if key not in SYSTEM)]
    dates = {key: fields[key] for key in keys if key in fields and fields[key].type.category in ("date", "datetime")}
    if not entity.listing.dates or not dates:
        raise NotFound(_("%(records)s have no date to show in a calendar.") % {"records": entity.plural})
    return dates


def chosen_field(request: HttpRequest, fields: dict[str, Field]) -> Field:
    """Return the date chosen in the URL, or the first one."""
    return fields.get(request.GET.get("date", "")) or next(iter(fields.values()))


def end_key(entity: Entity, field: Field) -> str:
    """Return the key of the end that belongs to a date, or nothing."""
    dates = entity.listing.dates
    return dates[1] if len(dates) > 1 and field.key == dates[0] else ""


def calendar_page(request: HttpRequest, entity: Entity, project: Any = None) -> HttpResponse:
    """Show the calendar of a type for a month, a week or a day."""
    if not access.has_permission(request.user, entity, "view"):
        raise NotAllowed
    fields = date_fields(request.user, entity)
    field, state, base = chosen_field(request, fields), State.of(request, entity), CALENDAR.base(entity, project)
    span, shown = CalendarPeriod.of(request.GET), lists.Shown()
    chosen = {"date": field.key if field.key != next(iter(fields)) else "", **span.parameters}
    try:
        shown.chips = filter_text.chips_of(state.node(), entity, FilterContext(request.user)) if state.filter else []
        ask, day_url = state.ask(entity, request.user, project), add_parameters(state.url(base), date=chosen["date"])
        shown.table = render_days(ask, field, span, day_url)
    except QueryError as problem:
        shown.problem = str(problem)
    context = lists.context(request, entity, state, base, shown, project, view=CALENDAR.key)

    def url(**changes: str) -> str:
        return add_parameters(state.url(base), **{**chosen, **changes})

    context |= {
        "title": span.title,
        "views": switch(entity, state, CALENDAR.key, project),
        "move_url": url_to_move(request.user, entity, field, add_parameters(state.url(f"{base}move"), **chosen)),
        "earlier": url(at=span.neighbour(-1).isoformat()),
        "later": url(at=span.neighbour(1).isoformat()),
        "today": url(at=""),
        "spans": [(label, url(span=key), key == span.key) for key, label in span.choices()],
        "dates": [(other.label, other.key, other is field) for other in fields.values()],
        "row_length": 1 if span.key == DAY else 7,
        "hidden": {**context["hidden"], **{name: value for name, value in chosen.items() if value}},
    }
    return render(request, "pages/calendar.html", context)


def url_to_move(user: Any, entity: Entity, field: Field, url: str) -> str:
    """Return the URL that moves a record to another day, or nothing if the user may not change the date."""
    may_edit = access.has_permission(user, entity, "edit")
    return url if may_edit and field.key in access.FieldContext(user, entity).writable else ""


def render_days(ask: listing.ListQuery, field: Field, span: CalendarPeriod, url: str) -> Markup:
    """Render the days of a period with their records, read by one query, and by another if there are too many."""
    bounds = (span.first.isoformat(), span.last.isoformat())
    keys = [field.key, end_key(ask.entity, field), ask.entity.listing.status]
    narrowed = ask.but(
        node=join(ask.node, Test(field.key, "between", bounds)), sort=field.key, group="", cursor="", limit=MOST,
        columns=tuple(filter(None, keys)),
    )  # fmt: skip
    page = listing.read_page(narrowed)
    by_day: dict[dt.date, list[listing.Row]] = {day: [] for day in span.days()}
    for row in page.rows:
        value = row.values.get(field.key)
        if value is not None and (day := local_day(value)) in by_day:
            by_day[day].append(row)
    counts = {day: len(rows) for day, rows in by_day.items()}
    if page.next:
        counts |= {day: group.count for day, group in aggregate(by_date(narrowed, field)).by_key().items() if day}
    write, most = event_writer(ask.entity, page, field), SHOWN[span.key]
    days = [day_context(day, rows[:most], counts[day], span, write, url) for day, rows in by_day.items()]
    return render_rows("calendar.jinja", days=days, names=span.weekday_names(), span=span.key)


def by_date(ask: listing.ListQuery, field: Field) -> Aggregation:
    """Return the number of records by day."""
    return Aggregation(ask, (), (Dimension(field.key, bucket="day"),))


def local_day(value: dt.date) -> dt.date:
    """Return the reader's day of a date."""
    return timezone.localdate(value) if isinstance(value, dt.datetime) else value


def day_context(
    day: dt.date, rows: list[listing.Row], count: int, span: CalendarPeriod, write: Any, url: str
) -> dict[str, Any]:
    """Return a day for the template."""
    language, left = get_language() or "en", count - len(rows)
    return {
        "value": day.isoformat(),
        "number": day.day,
        "label": span.day_label(day),
        "url": add_parameters(url, span=DAY, at=day.isoformat()),
        "css": span.css_of(day, today()),
        "events": [write(row) for row in rows],
        "more": _("%(number)s more") % {"number": format_number(left, language)} if left > 0 else "",
    }


def event_writer(entity: Entity, page: listing.Page, field: Field) -> Any:
    """Return the function that renders a record as an entry of a day: its time, name, end and status."""
    columns = {column.key: column for column in page.columns}
    status, end = columns.get(entity.listing.status), end_key(entity, field)
    colours = {option.key: option for option in status.field.options()} if status else {}

    def write(row: listing.Row) -> dict[str, Any]:
        value, ends = row.values[field.key], row.values.get(end) if end else None
        option = colours.get(row.values[status.key]) if status else None
        last = local_day(ends) if ends is not None else None
        return {
            "id": row.id,
            "title": escape(row.title),
            "url": escape(entity.url(row.id)),
            "menu": escape(f"/{entity.path}/data/{row.id}/menu"),
            "time": "" if is_day(value) else f"{timezone.localtime(value):%H:%M}",
            "until": presenter_of(field).text(field, last) if last is not None and last > local_day(value) else "",
            "colour": colour_attribute(option.colour) if option else "",
            "status": escape(option.label) if option else "",
        }

    return write


@require_POST
def move_event(request: HttpRequest, entity: Entity, project: Any = None) -> HttpResponse:
    """Move a record to another day by the rules of its type, at the same time of day. Its end moves along."""
    field = chosen_field(request, date_fields(request.user, entity))
    number = id_of(request.POST.get("record", ""))
    if number is None:
        raise NotFound(_("There is no such record."))
    record = access.get_for(request.user, entity, number)
    try:
        day = dt.date.fromisoformat(request.POST.get("value", ""))
    except ValueError:
        raise Invalid(_("Enter a date such as 2026-11-23.")) from None
    end = access.FieldContext(request.user, entity).askable.get(end_key(entity, field))
    try:
        values = moved_values(record, field, end, day)
    except OverflowError:
        raise Invalid(_("The end would be after the last day of the calendar.")) from None
    if values:
        writes.change(record, values, by=actor_of(request, ChangeSource.BOARD))
    return HttpResponse(status=204)


def moved_values(record: Any, field: Field, end: Field | None, day: dt.date) -> dict[str, Any]:
    """Return the values of a record moved to a day, empty if it's there already."""
    start = field.get(record)
    if start is None:
        return {field.key: day}
    days = day - local_day(start)
    if not days:
        return {}
    values = {field.key: later_by(start, days)}
    if end is not None and (last := end.get(record)) is not None:
        values[end.key] = later_by(last, days)
    return values


def later_by(value: dt.date, days: dt.timedelta) -> dt.date:
    """Return a day, or a moment at the same local time, some days later."""
    if is_day(value):
        return value + days
    local = timezone.localtime(value)  # type: ignore[arg-type]
    return timezone.make_aware(dt.datetime.combine(local.date() + days, local.time()))


CALENDAR = register_view(
    ListView(
        "calendar", gettext_lazy("Calendar"), "calendar", name="calendar", page=calendar_page,
        parts=(("move", "calendar-move", move_event),),
        path=lambda entity: "calendar/", applies=has_calendar,
        ignores=("sort", "columns", "group", "limit"), order=30,
    )
)  # fmt: skip
