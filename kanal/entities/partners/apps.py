"""App configuration."""

from kanal.core.appconfig import EntityAppConfig


class PartnersConfig(EntityAppConfig):
    """Partners."""

    name = "kanal.entities.partners"
