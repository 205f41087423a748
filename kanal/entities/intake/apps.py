"""App configuration."""

from kanal.core.appconfig import EntityAppConfig


class IntakeConfig(EntityAppConfig):
    """The lead intake."""

    name = "kanal.entities.intake"
