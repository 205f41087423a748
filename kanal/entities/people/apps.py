"""App configuration."""

from kanal.core.appconfig import EntityAppConfig


class PeopleConfig(EntityAppConfig):
    """People."""

    name = "kanal.entities.people"
