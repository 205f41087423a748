"""How moments of a timeline are written: today and yesterday by the time, else by day and time."""

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
    """Write a day, or the day of a moment."""
    local_day = timezone.localtime(value).date() if isinstance(value, dt.datetime) else value
    return written_day(local_day, get_language() or "en")


@register.filter
def moment(at: dt.date) -> str:
    """Write a moment briefly, relative to today; a whole day without a time."""
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
    """Write a day, those about today by their names; of a moment today or tomorrow its time too, but for midnight."""
    local = timezone.localtime(value) if isinstance(value, dt.datetime) else None
    date = local.date() if local else value
    names = {-1: _("Yesterday"), 0: _("Today"), 1: _("Tomorrow")}
    apart = (date - today()).days
    if apart not in names:
        return written_day(date, get_language() or "en")
    timed = local is not None and apart >= 0 and local.time() != dt.time.min
    return f"{names[apart]} {local:%H:%M}" if timed else names[apart]
