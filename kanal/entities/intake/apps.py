"""The app of the intake."""

from kanal.core.appconfig import EntityAppConfig


class IntakeConfig(EntityAppConfig):
    """The intake of leads."""

    name = "kanal.entities.intake"
