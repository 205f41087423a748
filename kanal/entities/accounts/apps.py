"""App configuration."""

from kanal.core.appconfig import EntityAppConfig


class AccountsConfig(EntityAppConfig):
    """Accounts."""

    name = "kanal.entities.accounts"
