"""Times of day and time zones that follow a date."""

from __future__ import annotations

import datetime as dt
import re
from typing import NamedTuple

from django.utils.translation import gettext_lazy as _

from kanal.kit import zones
from kanal.kit.errors import Invalid
from kanal.kit.zonenames import offset_named, zone_named

MIDNIGHT = dt.time()
_CLOCK = re.compile(
    r"(?:kl\.?|um|at|à|v|a las|klo)?\s*(?P<hour>\d{1,2})(?:[:.h](?P<minute>\d{2}))?(?:[:.](?P<second>\d{2}))?"
    r"(?:[.,](?P<fraction>\d{1,9}))?\s*(?:uhr)?\s*(?P<half>[ap]\.?\s?m\b\.?)?\s*(?P<zone>.*)",
    re.IGNORECASE,
)
_OFFSET = re.compile(r"(?:utc|gmt)?([+-])(\d{1,2}):?(\d{2})?", re.IGNORECASE)
# Text that programs append to an offset: "+0200 (Central European Summer Time)", "+02:00[Europe/Oslo]".
_REMARK = re.compile(r"\s*(?:\([^()]{1,60}\)|\[[^\[\]]{1,60}\])$")


class UnknownZone(Invalid):
    """Report that the time zone after a time is unknown, and what to write instead."""

    def __init__(self, name: str) -> None:
        self.name = name
        message = _(
            "The time zone “%(name)s” is not known: write an offset such as +02:00, or a place such as Europe/Oslo."
        )
        super().__init__(message % {"name": name[:40]})


class Clock(NamedTuple):
    """A time of day, and its zone if the text names one. `is_end` means midnight at the end of the day."""

    time: dt.time
    zone: dt.tzinfo | None
    is_end: bool = False


def read_clock(text: str) -> Clock:
    """Return the time that follows a date ("14:30", "2.30 PM +0100"). Raise Invalid for none."""
    match = _CLOCK.fullmatch(text.strip())
    if match is None or (match["minute"] is None and match["half"] is None):
        raise _not_a_time(text)
    hour, half = int(match["hour"]), (match["half"] or "")[:1].lower()
    if half and not 1 <= hour <= 12:
        raise _not_a_time(text)
    if half:
        hour = hour % 12 + (12 if half == "p" else 0)
    micro = int((match["fraction"] or "0").ljust(6, "0")[:6])
    minute, second = int(match["minute"] or 0), int(match["second"] or 0)
    is_end = (hour, minute, second, micro) == (24, 0, 0, 0)
    try:
        time = dt.time(0 if is_end else hour, minute, second, micro)
    except ValueError:
        raise _not_a_time(text) from None
    return Clock(time, _zone(match["zone"].strip(), text), is_end)


def _zone(name: str, text: str) -> dt.tzinfo | None:
    if not name:
        return None
    if name.upper() in ("Z", "UTC", "GMT"):
        return dt.UTC
    name = _REMARK.sub("", name) or name.strip("()[]")
    if offset := _OFFSET.fullmatch(name.replace(" ", "")):
        span = dt.timedelta(hours=int(offset[2]), minutes=int(offset[3] or 0))
        if span < dt.timedelta(hours=24):
            return dt.timezone(-span if offset[1] == "-" else span)
    if zone := offset_named(name) or zones.find_zone(zone_named(name)):
        return zone
    raise UnknownZone(name) if any(letter.isalpha() for letter in name) else _not_a_time(text)


def _not_a_time(text: str) -> Invalid:
    return Invalid(_("“%(text)s” is not a time of day.") % {"text": text.strip()[:40]})
