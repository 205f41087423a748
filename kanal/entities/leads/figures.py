"""Figures in the head of a lead (LEAD-3, DET-1)."""

import datetime as dt
from typing import Any

from babel.dates import format_timedelta
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from kanal.core.entity import FigureValue
from kanal.entities.leads.models import OPEN
from kanal.kit.writing import locale_of_days


def response_time(lead: Any, user: Any) -> FigureValue | None:
    """Return the time from the arrival of a lead to its first touch, or since when an open one has waited for it."""
    if lead.received_at is None:
        return None
    if lead.touched_at is not None:
        return FigureValue(duration(lead.touched_at - lead.received_at), _("until the first touch"))
    if lead.stage not in OPEN:
        return None
    return FigureValue(duration(timezone.now() - lead.received_at), _("waiting for the first touch"))


def duration(span: dt.timedelta) -> str:
    """Format a duration in its largest unit, such as "3 hours"."""
    return format_timedelta(max(span, dt.timedelta(minutes=1)), locale=locale_of_days(get_language() or "en"))
