"""The app of partners."""

from kanal.core.appconfig import EntityAppConfig


class PartnersConfig(EntityAppConfig):
    """Partners."""

    name = "kanal.entities.partners"
