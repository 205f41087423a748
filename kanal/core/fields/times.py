"""Field types for days and moments."""

import datetime as dt
from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kanal.core.fields.field import CleanContext, Field
from kanal.core.fields.types import FieldType


class DateType(FieldType):
    """A day."""

    key = "date"
    category = "date"
    label = gettext_lazy("Date")
    model_fields = (models.DateField,)
    schema = {"type": "string", "format": "date", "examples": ["2026-03-31"]}
    is_json = False

    def clean(self, field: Field, raw: Any, context: CleanContext) -> dt.date:
        """Parse an ISO date."""
        if isinstance(raw, dt.datetime):
            return timezone.localdate(raw) if timezone.is_aware(raw) else raw.date()
        if isinstance(raw, dt.date):
            return raw
        try:
            value = dt.date.fromisoformat(str(raw))
        except ValueError:
            raise ValueError(_("Enter a date such as 2026-11-23.")) from None
        if not 1000 <= value.year <= 9998:
            raise ValueError(_("Enter a date such as 2026-11-23."))
        return value

    def dump(self, field: Field, value: Any) -> str:
        """Return the date as ISO 8601."""
        return value if isinstance(value, str) else value.isoformat()

    def load(self, field: Field, stored: Any) -> dt.date | None:
        """Parse the stored date."""
        return dt.date.fromisoformat(stored) if stored else None


NOON = dt.time(12, tzinfo=dt.UTC)


def sorted_as(day: dt.date) -> dt.datetime:
    """Return the moment that represents a whole day in the column of moments."""
    return dt.datetime.combine(day, NOON)


def is_day(value: Any) -> bool:
    """Return whether a value is a whole day rather than a moment."""
    return isinstance(value, dt.date) and not isinstance(value, dt.datetime)


class DateTimeType(FieldType):
    """A moment in UTC, or, if the field has a column for it, a whole day, the same for everyone."""

    key = "datetime"
    category = "datetime"
    label = gettext_lazy("Date and time")
    model_fields = (models.DateTimeField,)
    schema = {"type": "string", "format": "date-time", "examples": ["2026-03-31T09:30:00Z"]}
    is_json = False

    def clean(self, field: Field, raw: Any, context: CleanContext) -> dt.datetime:
        """Parse an ISO moment, by default in the current time zone. A date alone may be a whole day."""
        if field.day and (is_day(raw) or len(str(raw)) == len("2026-11-23")):
            return DateType().clean(field, raw, context)  # type: ignore[return-value]
        try:
            value = raw if isinstance(raw, dt.datetime) else dt.datetime.fromisoformat(str(raw))
            if not 1000 <= value.year <= 9998:
                raise ValueError
        except ValueError:
            raise ValueError(_("Enter a date and a time such as 2026-11-23 14:30.")) from None
        return timezone.make_aware(value) if timezone.is_naive(value) else value

    def columns(self, field: Field) -> tuple[str, ...]:
        """Return the column of the moment, and of the whole day if there is one."""
        return (field.column, field.day) if field.day else (field.column,)

    def read(self, field: Field, row: dict) -> dt.date | None:
        """Return the whole day from a row, or the moment."""
        return (row[field.day] if field.day else None) or row[field.column]

    def get(self, field: Field, record: Any) -> dt.date | None:
        """Return the whole day from a record, or the moment."""
        return (getattr(record, field.day) if field.day else None) or getattr(record, field.column)

    def set(self, field: Field, record: Any, value: Any) -> None:
        """Set a moment or a whole day on a record."""
        day = value if is_day(value) else None
        setattr(record, field.column, sorted_as(day) if day else value)
        if field.day:
            setattr(record, field.day, day)

    def dump(self, field: Field, value: Any) -> str:
        """Return the moment as ISO 8601 in UTC, a whole day as a date."""
        if is_day(value):
            return value.isoformat()
        return value if isinstance(value, str) else value.astimezone(dt.UTC).isoformat().replace("+00:00", "Z")

    def load(self, field: Field, stored: Any) -> dt.datetime | None:
        """Parse the stored moment."""
        return dt.datetime.fromisoformat(stored) if stored else None
