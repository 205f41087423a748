"""App configuration."""

from kanal.core.appconfig import EntityAppConfig


class CampaignsConfig(EntityAppConfig):
    """Campaigns."""

    name = "kanal.entities.campaigns"
