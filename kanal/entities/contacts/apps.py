"""App configuration."""

from kanal.core.appconfig import EntityAppConfig


class ContactsConfig(EntityAppConfig):
    """Contacts."""

    name = "kanal.entities.contacts"
