"""The settings of maps, and what follows from them."""

from urllib.parse import urlsplit

from kanal.core import settings

TILES, ATTRIBUTION, GEOCODER = "map.tiles", "map.attribution", "map.geocoder"
TILES_PATTERN = r"https?://[\w.:-]+/[^\s\"'<>;,]*\{z\}[^\s\"'<>;,]*"
GEOCODER_PATTERN = r"https?://[\w.:-]+/[^\s\"'<>]*\{q\}[^\s\"'<>]*"


def tile_url() -> str:
    """Return the address of the tiles, with {z}, {x} and {y}, or nothing if maps load nothing from outside."""
    return str(settings.value(TILES) or "")


def tile_origin() -> str:
    """Return the origin from which browsers load tiles, for the security policy, or nothing."""
    parts = urlsplit(tile_url())
    return f"{parts.scheme}://{parts.netloc}" if parts.netloc else ""


def attribution() -> str:
    """Return the text that the tile server requires on a map."""
    return str(settings.value(ATTRIBUTION) or "")


def geocoder_url() -> str:
    """Return the address of the geocoding service, with {q} for the place, or nothing."""
    return str(settings.value(GEOCODER) or "")
