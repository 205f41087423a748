"""App configuration."""

from kanal.core.appconfig import EntityAppConfig


class SellingConfig(EntityAppConfig):
    """The sale of an opportunity."""

    name = "kanal.entities.selling"
