"""The job that asks the geocoding service, at most once a second as public services require."""

import json
import time
import urllib.request
from typing import Any
from urllib.parse import quote

import structlog
from django.utils.translation import gettext_lazy as _

from kanal import __version__
from kanal.core.jobs import job
from kanal.features.geocoding.models import GeocodedPlace
from kanal.features.geocoding.settings import geocoder_url

SECONDS_BETWEEN = 1.0
TIMEOUT_SECONDS = 10
LARGEST_ANSWER = 1 << 20
log = structlog.get_logger("kanal.geocoding")


@job("geocoding.look_up", label=_("Positions on the map"), lock="geocoding.look_up")
def look_up_places(addresses: list[str]) -> None:
    """Look up addresses that aren't known yet. One that the service can't answer is tried again by a later job."""
    url = geocoder_url()
    known = set(GeocodedPlace.objects.filter(address__in=addresses).values_list("address", flat=True))
    wanted = [address for address in addresses if address not in known] if url else []
    for number, address in enumerate(wanted):
        if number:
            time.sleep(SECONDS_BETWEEN)
        try:
            latitude, longitude = position_of(url, address)
        except (OSError, ValueError) as problem:
            log.warning("the geocoding service does not answer", problem=str(problem)[:200])
            return
        values = {"latitude": latitude, "longitude": longitude}
        GeocodedPlace.objects.update_or_create(address=address, defaults=values)  # direct write: not a record


def position_of(url: str, address: str) -> tuple[float | None, float | None]:
    """Ask the service for an address. Return no position for an unknown one, raise ValueError for another answer."""
    headers = {"User-Agent": f"Kanal/{__version__}"}
    request = urllib.request.Request(url.replace("{q}", quote(address)), headers=headers)  # noqa: S310 - http by pattern
    with urllib.request.urlopen(request, timeout=TIMEOUT_SECONDS) as answer:  # noqa: S310 - http by pattern
        places: Any = json.loads(answer.read(LARGEST_ANSWER))
    if not isinstance(places, list):
        raise ValueError("the answer is no list of places")
    if not places:
        return None, None
    try:
        latitude, longitude = float(places[0]["lat"]), float(places[0]["lon"])
    except (KeyError, TypeError):
        raise ValueError("the answer has no position") from None
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        raise ValueError("the position is not on earth")
    return latitude, longitude
