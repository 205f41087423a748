"""Datetimes of a timeline: today and yesterday with the time, others with date and time."""

import datetime as dt

from django import template
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from kanal.core.context import today
from kanal.kit.writing import written_day, written_moment

register = template.Library()


@register.filter
def day(value: dt.date) -> str:
    """Format a date, or a datetime as its date."""
    local_day = timezone.localtime(value).date() if isinstance(value, dt.datetime) else value
    return written_day(local_day, get_language() or "en")


@register.filter
def moment(at: dt.date) -> str:
    """Format a datetime briefly, relative to today. A whole day has no time."""
    if not isinstance(at, dt.datetime):
        return near(at)
    local, day = timezone.localtime(at), today()
    time = f"{local:%H:%M}"
    if local.date() == day:
        return _("Today %(time)s") % {"time": time}
    if local.date() == day - dt.timedelta(days=1):
        return _("Yesterday %(time)s") % {"time": time}
    return written_moment(local, get_language() or "en")


@register.filter
def near(value: dt.date) -> str:
    """Format a date, nearby ones by name. Today's and tomorrow's datetimes include the time, except midnight."""
    local = timezone.localtime(value) if isinstance(value, dt.datetime) else None
    date = local.date() if local else value
    names = {-1: _("Yesterday"), 0: _("Today"), 1: _("Tomorrow")}
    apart = (date - today()).days
    if apart not in names:
        return written_day(date, get_language() or "en")
    timed = local is not None and apart >= 0 and local.time() != dt.time.min
    return f"{names[apart]} {local:%H:%M}" if timed else names[apart]
