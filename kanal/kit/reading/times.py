"""Times of day and zones as they stand behind a date."""

from __future__ import annotations

import datetime as dt
import re
from typing import NamedTuple

from django.utils.translation import gettext_lazy as _

from kanal.kit import zones
from kanal.kit.errors import Invalid

MIDNIGHT = dt.time()
_CLOCK = re.compile(
    r"(?:kl\.?|um|at|à|v|a las|klo)?\s*(?P<hour>\d{1,2})(?:[:.h](?P<minute>\d{2}))?(?:[:.](?P<second>\d{2}))?"
    r"(?:[.,](?P<fraction>\d{1,9}))?\s*(?:uhr)?\s*(?P<half>[ap]\.?\s?m\b\.?)?\s*(?P<zone>.*)",
    re.IGNORECASE,
)
_OFFSET = re.compile(r"(?:utc|gmt)?([+-])(\d{1,2}):?(\d{2})?", re.IGNORECASE)
_ZONE = re.compile(r"[A-Za-z]{2,14}(?:/[A-Za-z_]{2,20}){0,2}")


class Clock(NamedTuple):
    """A time of day, and its zone where the text names one; `is_end` says that it is the midnight after the day."""

    time: dt.time
    zone: dt.tzinfo | None
    is_end: bool = False


def read_clock(text: str) -> Clock:
    """Return the time that stands behind a date ("14:30", "2.30 PM +0100"); raise Invalid for none."""
    found = _CLOCK.fullmatch(text.strip())
    if found is None or (found["minute"] is None and found["half"] is None):
        raise _not_a_time(text)
    hour, half = int(found["hour"]), (found["half"] or "")[:1].lower()
    if half and not 1 <= hour <= 12:
        raise _not_a_time(text)
    if half:
        hour = hour % 12 + (12 if half == "p" else 0)
    micro = int((found["fraction"] or "0").ljust(6, "0")[:6])
    minute, second = int(found["minute"] or 0), int(found["second"] or 0)
    is_end = (hour, minute, second, micro) == (24, 0, 0, 0)
    try:
        time = dt.time(0 if is_end else hour, minute, second, micro)
    except ValueError:
        raise _not_a_time(text) from None
    return Clock(time, _zone(found["zone"].strip(" ()[]"), text), is_end)


def _zone(name: str, text: str) -> dt.tzinfo | None:
    if not name:
        return None
    if name.upper() in ("Z", "UTC", "GMT"):
        return dt.UTC
    if offset := _OFFSET.fullmatch(name.replace(" ", "")):
        span = dt.timedelta(hours=int(offset[2]), minutes=int(offset[3] or 0))
        if span < dt.timedelta(hours=24):
            return dt.timezone(-span if offset[1] == "-" else span)
    if _ZONE.fullmatch(name) and (zone := zones.find(name)):
        return zone
    raise _not_a_time(text)


def _not_a_time(text: str) -> Invalid:
    return Invalid(_("“%(text)s” is not a time of day.") % {"text": text.strip()[:40]})
