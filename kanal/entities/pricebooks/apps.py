"""App configuration."""

from kanal.core.appconfig import EntityAppConfig


class PricebooksConfig(EntityAppConfig):
    """Price books, products, prices, bundles."""

    name = "kanal.entities.pricebooks"
