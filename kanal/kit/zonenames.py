"""Time zone names of people and programs: IANA names in any spelling, Windows names, abbreviations."""

import datetime as dt
import re
from functools import lru_cache

from babel.core import get_global
from django.utils.translation import gettext as _

from kanal.kit import zones

LONGEST = 60
# Abbreviations after a time of day, in hours: RFC 5322 (North America), and European summer time.
_ABBREVIATIONS = {
    "UT": 0, "EDT": -4, "EST": -5, "CDT": -5, "CST": -6, "MDT": -6, "MST": -7, "PDT": -7, "PST": -8,
    "WEST": 1, "CEST": 2, "MESZ": 2, "MEZ": 1, "EEST": 3,
}  # fmt: skip
_SUMMER = re.compile(r"\b(daylight|summer) time$")


def zone_named(text: str) -> str:
    """Return the IANA name of a zone, or "": "europe/oslo", "US/Pacific", "W. Europe Standard Time"."""
    key = _key(text)
    return _names().get(key, "") if len(key) <= LONGEST else ""


def offset_named(text: str) -> dt.tzinfo | None:
    """Return the offset of an abbreviation such as CEST or PST after a time of day, or None."""
    hours = _ABBREVIATIONS.get(text.strip().upper())
    return None if hours is None else dt.timezone(dt.timedelta(hours=hours))


def refusal_of(text: str) -> str:
    """Return why a text isn't a time zone, and what to write instead."""
    if re.match(r"\(?(utc|gmt)?\s*[+-]?\d", text.strip(), re.IGNORECASE):
        message = _("An offset changes with summer time: enter a place such as Europe/Oslo instead of “%(text)s”.")
    else:
        message = _("There is no time zone “%(text)s”. Enter a place such as Europe/Oslo or America/New_York.")
    return message % {"text": text.strip()[:LONGEST]}


def _key(text: str) -> str:
    return _SUMMER.sub("standard time", " ".join(text.casefold().replace("_", " ").split()))


@lru_cache(maxsize=1)
def _names() -> dict[str, str]:
    known = zones.zone_names()
    windows = {_key(name): zone for name, zone in get_global("windows_zone_mapping").items() if zone in known}
    return windows | {_key(name): name for name in sorted(known)}
