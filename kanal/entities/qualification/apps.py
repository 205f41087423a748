"""App configuration."""

from kanal.core.appconfig import EntityAppConfig


class QualificationConfig(EntityAppConfig):
    """Qualification of leads."""

    name = "kanal.entities.qualification"
