"""The activities related to a person who is anonymized: those of the person's account are near."""

from typing import Any

from kanal.core.privacy.neighbours import register_neighbours
from kanal.entities.activities.models import Activity


def of_account(person: Any) -> set[int]:
    """Return the activities of a person's account."""
    pk = getattr(person, "account_id", None)
    return set() if pk is None else set(Activity.objects.filter(account_id=pk).values_list("pk", flat=True))


register_neighbours("activities", of_account)
