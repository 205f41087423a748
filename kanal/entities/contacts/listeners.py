"""Signal handler of contacts: a person is anonymized, in the same transaction."""

from kanal.core import events
from kanal.entities.contacts.actions import forget_channels

events.on("person.forgetting", forget_channels)
