"""Dashboard modules that show records of any type: a list, and a chart by status."""

import datetime as dt
from collections.abc import Callable, Iterator
from typing import Any

from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from kanal.core import registry
from kanal.core.access import has_permission
from kanal.core.context import today
from kanal.core.dashboards import (
    BREAKDOWN_MODULE,
    RECORDS_MODULE,
    STATUS_CHART_MODULE,
    ModuleType,
    Settings,
    Viewer,
    register_module,
)  # fmt: skip
from kanal.core.entity import Entity
from kanal.core.fields import FIELD_TYPES, Field
from kanal.core.listing import ListQuery, Row, read_page
from kanal.core.query import QueryError, parse
from kanal.web import navigation
from kanal.web.lists.renderers import NOTHING, Write, writer_of
from kanal.web.status_chart import breakdown_field, has_breakdown

MOST_ROWS = 8
TYPE = Field("type", _("Record type"), FIELD_TYPES["text"], required=True)
FILTER = Field("filter", _("Filter"), FIELD_TYPES["text"], default="")


def is_permitted(viewer: Viewer, settings: Settings) -> bool:
    """Return whether the type of a module is installed and the viewer may see its records."""
    entity = registry.find(settings["type"])
    return entity is not None and has_permission(viewer.user, entity, "view")


def user_filter(user: Any, text: str) -> str:
    """Return a filter for a user. For partner users it's limited to the records of their partner."""
    return text.replace("assignee:any(me)", "partner:any(my_partner)") if user.is_external else text


def filtered_list_url(entity: Entity, text: str) -> str:
    """Return the URL of the filtered list."""
    return f"{entity.list_url}?{urlencode({'filter': text})}"


def or_nothing(data: Callable[..., dict[str, Any]]) -> Callable[[Viewer, Settings], dict[str, Any] | None]:
    """Return a data function that returns None if the filter uses a field that the viewer can't see."""

    def ask(viewer: Viewer, settings: Settings) -> dict[str, Any] | None:
        try:
            return data(viewer, settings)
        except QueryError:
            return None

    return ask


@or_nothing
def records_data(viewer: Viewer, settings: Settings) -> dict[str, Any]:
    """Return the first matching records as rows with hint, marks and day."""
    entity, text = registry.get(settings["type"]), user_filter(viewer.user, settings["filter"])
    day, project = settings["day"] or settings["sort"].removeprefix("-"), viewer.project
    page = read_page(
        ListQuery(
            entity, viewer.user, node=parse(text), columns=(*settings["hints"], *settings["marks"], day),
            sort=settings["sort"], limit=MOST_ROWS + 1, project=project.pk if project is not None else None,
        )
    )  # fmt: skip
    writers = {column.key: writer_of(column, page, entity.listing.status) for column in page.columns}
    url = filtered_list_url(entity, text)
    return {
        "entity": entity,
        "items": [list_row(entity, row, settings, writers) for row in page.rows[:MOST_ROWS]],
        "verb": permitted_verb(viewer.user, entity, settings["verb"]),
        "empty": settings["empty"] or entity.phrases.none,
        "more": url if len(page.rows) > MOST_ROWS else "",
        "url": url,
        "new": f"/{entity.path}/new" if settings["begins"] and navigation.can_begin(viewer.user, entity) else "",
        "new_label": str(entity.phrases.new),
    }


def permitted_verb(user: Any, entity: Entity, verb: str) -> str:
    """Return the action offered by rows, or "" if the type has none or the user may run it on no record."""
    action = registry.action(entity, verb)
    return verb if action is not None and has_permission(user, entity, action.needs) else ""


def list_row(entity: Entity, row: Row, settings: Settings, writers: dict[str, Write]) -> dict[str, Any]:
    """Return a row of a list: name, hint, marks and day."""
    day = row.values.get(settings["day"] or settings["sort"].removeprefix("-"))
    is_deadline = settings["deadline"] or not (settings["day"] or settings["sort"].startswith("-"))
    return {
        "label": row.title,
        "url": entity.url(row.id),
        "hint": next(format_row_values(row, settings["hints"], writers), ""),
        "marks": list(format_row_values(row, settings["marks"], writers)),
        "day": day,
        "late": is_deadline and day is not None and day_of(day) < today(),
    }


def format_row_values(row: Row, keys: tuple[str, ...], writers: dict[str, Write]) -> Iterator[Any]:
    """Yield the formatted values of a row that aren't empty."""
    texts = (writers[key](row.values[key]) for key in keys if key in writers)
    return (text for text in texts if text != NOTHING)


def day_of(value: dt.date) -> dt.date:
    """Return a date as is, and a datetime as its date for the reader."""
    return timezone.localtime(value).date() if isinstance(value, dt.datetime) else value


def has_statuses(viewer: Viewer, settings: Settings) -> bool:
    """Return whether the viewer may see a type's records (of a project) and their status."""
    if not is_permitted(viewer, settings):
        return False
    entity = registry.get(settings["type"])
    is_inside = viewer.project is None or entity.scope.project or entity.scope.projects
    return bool(is_inside) and has_breakdown(viewer.user, entity)


def status_chart_data(viewer: Viewer, settings: Settings) -> dict[str, Any]:
    """Return the URL of the status chart, which is loaded after the page."""
    entity = registry.get(settings["type"])
    return {"title": entity.plural, "entity": entity, "url": f"{navigation.type_url(entity, viewer.project)}statuses"}


def is_broken_down(viewer: Viewer, settings: Settings) -> bool:
    """Return whether the viewer may see a type's records and the field by which they are counted."""
    return (
        is_permitted(viewer, settings)
        and breakdown_field(viewer.user, registry.get(settings["type"]), settings["by"]) is not None
    )


def breakdown_data(viewer: Viewer, settings: Settings) -> dict[str, Any]:
    """Return the URL of the counts by a field, which are loaded after the page."""
    entity = registry.get(settings["type"])
    field = breakdown_field(viewer.user, entity, settings["by"])
    assert field is not None
    base = navigation.type_url(entity, viewer.project)
    return {"title": field.label, "entity": entity, "url": f"{base}statuses?{urlencode({'by': field.key})}"}


# A row shows `day`, a deadline if `deadline` is set. By default it's the field of `sort`, a deadline if ascending.
# Of `hints` the first one with a value is shown.
RECORDS = register_module(
    ModuleType(
        RECORDS_MODULE, _("Records"),
        (TYPE, FILTER, Field("sort", _("Sort"), FIELD_TYPES["text"], required=True),
         Field("day", _("Day"), FIELD_TYPES["text"], default=""),
         Field("deadline", _("Deadline"), FIELD_TYPES["boolean"], default=False),
         Field("hints", _("Belongs to"), FIELD_TYPES["choices"], default=()),
         Field("marks", _("Values"), FIELD_TYPES["choices"], default=()),
         Field("verb", _("Action"), FIELD_TYPES["text"], default=""),
         Field("empty", _("Text without records"), FIELD_TYPES["text"], default=""),
         Field("begins", _("Offer a new record if there are none"), FIELD_TYPES["boolean"], default=True)),
        records_data, "modules/records.html", is_offered=is_permitted,
    )
)  # fmt: skip
register_module(
    ModuleType(
        STATUS_CHART_MODULE, _("By status"), (TYPE,),
        status_chart_data, "modules/status_chart.html", is_offered=has_statuses,
    )
)  # fmt: skip
register_module(
    ModuleType(
        BREAKDOWN_MODULE, _("By a field"), (TYPE, Field("by", _("Field"), FIELD_TYPES["text"], required=True)),
        breakdown_data, "modules/status_chart.html", is_offered=is_broken_down,
    )
)  # fmt: skip
