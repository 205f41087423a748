"""The app of people."""

from kanal.core.appconfig import EntityAppConfig


class PeopleConfig(EntityAppConfig):
    """People."""

    name = "kanal.entities.people"
