"""App configuration."""

from kanal.core.appconfig import EntityAppConfig


class OpportunitiesConfig(EntityAppConfig):
    """Opportunities, pipelines, business roles."""

    name = "kanal.entities.opportunities"
