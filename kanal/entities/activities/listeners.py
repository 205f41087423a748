"""What activities hear of: their account becomes private (ACC-5), in the same transaction."""

from typing import Any

from kanal.core import events, registry
from kanal.core.entity import Entity
from kanal.entities.activities.models import Activity


def follow_account(*, entity: Entity, record: Any, changed: set[str]) -> None:
    """Hand on to an account's activities who alone may see it."""
    is_new = record.revision == 1  # nothing stands on it yet
    if entity.key == "accounts" and not is_new and changed & {"is_private", "private_to", "private_to_id"}:
        activities = Activity.objects.filter(account=record, lead=None, opportunity=None)
        activities.update(private_to=record.private_to)  # pen: derived from the account
        events.dispatch_many("record.moved", list(activities), entity=registry.get("activities"))


events.on("record.saved", follow_account)
