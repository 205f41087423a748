"""App configuration and the settings of maps."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class GeocodingConfig(AppConfig):
    """Geocoding."""

    name = "kanal.features.geocoding"
    label = "geocoding"

    def ready(self) -> None:
        """Declare the settings."""
        from kanal.core.fields import FIELD_TYPES, Field
        from kanal.core.settings import declare
        from kanal.features.geocoding import settings

        text = FIELD_TYPES["text"]
        declare(
            "map",
            Field(
                settings.TILES, _("Tile server"), text, default="", max_length=300, pattern=settings.TILES_PATTERN,
                help=_("The address of its pictures, such as https://tile.openstreetmap.org/{z}/{x}/{y}.png. Browsers "
                       "load them from there; left empty, maps are plain lists and load nothing from outside."),
            ),
            Field(
                settings.ATTRIBUTION, _("Attribution"), text, default="© OpenStreetMap", max_length=200,
                help=_("Shown on each map, as tile servers require."),
            ),
            Field(
                settings.GEOCODER, _("Geocoding service"), text, default="", max_length=300,
                pattern=settings.GEOCODER_PATTERN,
                help=_("The address of a search that answers as Nominatim does, with {q} for the place. The server "
                       "sends addresses to it; left empty, positions are unknown."),
            ),
        )  # fmt: skip
