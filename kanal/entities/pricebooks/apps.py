"""Registers the room."""

from django.apps import AppConfig


class PricebooksConfig(AppConfig):
    """Price books, products, prices, bundles."""

    name = "kanal.entities.pricebooks"

    def ready(self) -> None:
        """Declare the record types."""
        from django.utils.translation import gettext_lazy as _

        from kanal.entities.pricebooks import entity  # noqa: F401
        from kanal.web import navigation

        overview = navigation.Place(
            navigation.CRM_PLACES, _("Global price overview"), "price-overview", "table", "prices"
        )
        missing = navigation.Place(
            navigation.CRM_PLACES, _("Missing prices"), "prices-missing", "table-off", "prices", "add"
        )
        navigation.add(overview)
        navigation.add(missing)
