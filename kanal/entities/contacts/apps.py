"""The app of contacts."""

from kanal.core.appconfig import EntityAppConfig


class ContactsConfig(EntityAppConfig):
    """Contacts."""

    name = "kanal.entities.contacts"
