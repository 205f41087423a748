"""The kinds of field whose value is a day or a moment."""

import datetime as dt
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from kanal.core.fields.field import Cleaning, Field
from kanal.core.fields.kinds import Kind


class Date(Kind):
    """A day."""

    key = "date"
    family = "date"
    is_json = False

    def clean(self, field: Field, raw: Any, seen: Cleaning) -> dt.date:
        """Take an ISO date."""
        if isinstance(raw, dt.datetime):
            return raw.date()
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
        """Write the date as ISO 8601."""
        return value if isinstance(value, str) else value.isoformat()

    def load(self, field: Field, stored: Any) -> dt.date | None:
        """Read the date back."""
        return dt.date.fromisoformat(stored) if stored else None


class DateTime(Kind):
    """A moment; kept in UTC."""

    key = "datetime"
    family = "datetime"
    is_json = False

    def clean(self, field: Field, raw: Any, seen: Cleaning) -> dt.datetime:
        """Take an ISO moment; one without an offset is in the current time zone."""
        try:
            value = raw if isinstance(raw, dt.datetime) else dt.datetime.fromisoformat(str(raw))
            if not 1000 <= value.year <= 9998:
                raise ValueError
        except ValueError:
            raise ValueError(_("Enter a date and a time such as 2026-11-23 14:30.")) from None
        return timezone.make_aware(value) if timezone.is_naive(value) else value

    def dump(self, field: Field, value: Any) -> str:
        """Write the moment as ISO 8601 in UTC."""
        return value if isinstance(value, str) else value.astimezone(dt.UTC).isoformat().replace("+00:00", "Z")

    def load(self, field: Field, stored: Any) -> dt.datetime | None:
        """Read the moment back."""
        return dt.datetime.fromisoformat(stored) if stored else None
