"""Known positions of addresses, and the request to look up the others."""

from collections.abc import Iterable

from kanal.features.geocoding.jobs import look_up_places
from kanal.features.geocoding.models import GeocodedPlace
from kanal.features.geocoding.settings import geocoder_url

Position = tuple[float, float]
MOST_AT_ONCE = 200
LONGEST = 300


def known_positions(addresses: Iterable[str]) -> dict[str, Position | None]:
    """Return the positions of addresses that were looked up (latitude, longitude), None for unknown places."""
    rows = GeocodedPlace.objects.filter(address__in=[address[:LONGEST] for address in addresses])
    return {
        place.address: None if place.latitude is None or place.longitude is None else (place.latitude, place.longitude)
        for place in rows
    }


def request_positions(addresses: Iterable[str]) -> bool:
    """Queue the look-up of addresses. Return whether there is a service for it."""
    wanted = list(dict.fromkeys(address[:LONGEST] for address in addresses if address))[:MOST_AT_ONCE]
    if not geocoder_url():
        return False
    if wanted:
        look_up_places.defer(addresses=wanted)
    return True
