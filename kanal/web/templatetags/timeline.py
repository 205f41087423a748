"""How moments of a timeline are written: today by the time, this year without the year."""

import datetime as dt

from django import template
from django.utils import formats, timezone
from django.utils.translation import gettext as _

register = template.Library()


@register.filter
def moment(at: dt.datetime) -> str:
    """Write a moment briefly, relative to today."""
    local, today = timezone.localtime(at), timezone.localdate()
    time = formats.date_format(local, "TIME_FORMAT")
    if local.date() == today:
        return _("Today %(time)s") % {"time": time}
    if local.date() == today - dt.timedelta(days=1):
        return _("Yesterday %(time)s") % {"time": time}
    return formats.date_format(local, "SHORT_DATETIME_FORMAT")
