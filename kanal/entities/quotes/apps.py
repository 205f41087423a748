"""App configuration."""

from kanal.core.appconfig import EntityAppConfig


class QuotesConfig(EntityAppConfig):
    """Quotes, their items, document templates."""

    name = "kanal.entities.quotes"
