"""The time from the arrival of a lead to the first contact, as a figure of the lead manager's home."""

import datetime as dt
from typing import Any

from django.db.models import Aggregate, DurationField, F
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from kanal.core import registry
from kanal.core.access import has_permission, reads_all, visible_to
from kanal.core.dashboards import FIGURE, ModuleType, Settings, Viewer, register_module

DAYS = 7


class Median(Aggregate):
    """The median of durations, by PostgreSQL's ordered-set aggregate."""

    function = "percentile_cont"
    template = "%(function)s(0.5) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = DurationField()


def is_offered(viewer: Viewer, settings: Settings) -> bool:
    """Return whether the viewer may see leads and when they were received and first contacted."""
    leads = registry.get("leads")
    return has_permission(viewer.user, leads, "view") and reads_all(
        viewer.user, ("leads.received_at", "leads.touched_at")
    )


def response_time(viewer: Viewer, settings: Settings) -> dict[str, Any]:
    """Return the median time to the first contact of the leads received in the last days, by one statement."""
    leads = registry.get("leads")
    since = timezone.now() - dt.timedelta(days=DAYS)
    contacted = visible_to(viewer.user, leads).filter(received_at__gte=since, touched_at__gte=F("received_at"))
    median = contacted.aggregate(median=Median(F("touched_at") - F("received_at")))["median"]
    return {
        "value": "–" if median is None else written_duration(median),
        "hint": ngettext("median of the last %(days)s day", "median of the last %(days)s days", DAYS) % {"days": DAYS},
        "url": f"{leads.list_url}?{urlencode({'filter': f'received_at:within(last,{DAYS},days);touched_at:set'})}",
    }


def written_duration(duration: dt.timedelta) -> str:
    """Format a duration in its largest units: “25 min”, “3 h 10 min”, “2 days”."""
    minutes = round(duration.total_seconds() / 60)
    hours, minutes_left = divmod(minutes, 60)
    if hours >= 48:
        return ngettext("%(days)s day", "%(days)s days", hours // 24) % {"days": hours // 24}
    if hours:
        return _("%(h)s h %(m)s min") % {"h": hours, "m": minutes_left}
    return _("%(m)s min") % {"m": minutes}


RESPONSE_TIME = register_module(
    ModuleType(
        "response-time", gettext_lazy("Time to first contact"), (), response_time, "modules/figure.html", size=FIGURE,
        is_offered=is_offered,
    )
)  # fmt: skip
