"""App configuration."""

from kanal.core.appconfig import EntityAppConfig


class LeadsConfig(EntityAppConfig):
    """Leads."""

    name = "kanal.entities.leads"
