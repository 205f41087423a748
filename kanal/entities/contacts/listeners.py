"""What contacts hear of: an account becomes private (ACC-5), a person is forgotten; in the same transaction."""

from typing import Any

from kanal.core import events, registry
from kanal.core.entity import Entity
from kanal.entities.contacts.actions import forget_channels
from kanal.entities.contacts.models import Contact


def follow_account(*, entity: Entity, record: Any, changed: set[str]) -> None:
    """Hand on to an account's people who alone may see it."""
    is_new = record.revision == 1  # nothing stands on it yet
    if entity.key == "accounts" and not is_new and changed & {"is_private", "private_to", "private_to_id"}:
        contacts = Contact.objects.filter(account=record)
        contacts.update(private_to=record.private_to)  # pen: derived from the account
        events.dispatch_many("record.moved", list(contacts), entity=registry.get("contacts"))


events.on("record.saved", follow_account)
events.on("person.forgetting", forget_channels)
