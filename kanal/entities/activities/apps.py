"""App configuration."""

from kanal.core.appconfig import EntityAppConfig


class ActivitiesConfig(EntityAppConfig):
    """Activities."""

    name = "kanal.entities.activities"
