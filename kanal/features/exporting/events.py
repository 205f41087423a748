"""iCalendar (RFC 5545) of a list: an event for each record that has a date (LIST-7)."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.utils import timezone

from kanal.core.entity import Entity
from kanal.core.fields.times import is_day
from kanal.core.listing import Column, Page, columns_of
from kanal.features.exporting.rows import ExportRows
from kanal.kit.contentlines import escaped, folded

# The fields of an event in order of preference, each by the property that it becomes.
PLACE, TEXTS = "place", ("text", "description", "comment")
DAY = dt.timedelta(days=1)
HEAD = ("BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Kanal//Kanal//EN", "CALSCALE:GREGORIAN", "METHOD:PUBLISH")


def has_dates(entity: Entity) -> bool:
    """Return whether a type's records have a date under which a calendar shows them."""
    return bool(entity.listing.dates)


def events(rows: ExportRows) -> Iterator[str]:
    """Yield the calendar of a list. Records without a date, and dates hidden from the reader, are left out."""
    entity, now = rows.query.entity, timezone.now()
    columns = columns_of(entity, (*entity.listing.dates, PLACE, *TEXTS), rows.query.reader)
    yield joined(*HEAD)
    if entity.listing.dates[0] in [column.key for column in columns]:
        for page in rows.pages(columns):
            yield "".join(event_of(entity, columns, page, row, now) for row in page.rows)
    yield joined("END:VCALENDAR")


def event_of(entity: Entity, columns: list[Column], page: Page, row: Any, now: dt.datetime) -> str:
    """Return the event of a record, or nothing if it has no date."""
    values = {column.key: row.values[column.key] for column in columns}
    start = values.get(entity.listing.dates[0])
    if not start:
        return ""
    end = values.get(entity.listing.dates[1]) if len(entity.listing.dates) > 1 else None
    place, text = values.get(PLACE), next((values[key] for key in TEXTS if values.get(key)), None)
    return joined(
        "BEGIN:VEVENT",
        f"UID:{entity.key}-{row.id}@kanal",
        f"DTSTAMP:{moment_text(now)}",
        f"DTSTART{date_value(start)}",
        *([f"DTEND{date_value(exclusive(end))}"] if end and is_day(end) == is_day(start) and end >= start else []),
        f"SUMMARY:{escaped(row.title)}",
        *([f"LOCATION:{escaped(str(place))}"] if place else []),
        *([f"DESCRIPTION:{escaped(str(text))}"] if text else []),
        "END:VEVENT",
    )


def joined(*lines: str) -> str:
    """Return folded lines with the line ends of the standard."""
    return "".join(f"{folded(line)}\r\n" for line in lines)


def exclusive(end: dt.date) -> dt.date:
    """Return the end as the standard counts it: the day after the last one, or the moment itself."""
    return end + DAY if is_day(end) else end


def date_value(value: dt.date) -> str:
    """Return the parameters and the value of a date: a whole day, or a moment in UTC."""
    return f":{moment_text(value)}" if isinstance(value, dt.datetime) else f";VALUE=DATE:{value:%Y%m%d}"


def moment_text(moment: dt.datetime) -> str:
    """Return a moment in UTC."""
    return f"{moment.astimezone(dt.UTC):%Y%m%dT%H%M%SZ}"
