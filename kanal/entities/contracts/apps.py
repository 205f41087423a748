"""App configuration."""

from kanal.core.appconfig import EntityAppConfig


class ContractsConfig(EntityAppConfig):
    """Contracts."""

    name = "kanal.entities.contracts"
