"""What activities are when a person is forgotten: those of the account that the person belongs to are near."""

from typing import Any

from kanal.core.privacy.neighbours import register_neighbours
from kanal.entities.activities.models import Activity


def of_account(person: Any) -> set[int]:
    """Return the activities of the account that a person belongs to."""
    pk = getattr(person, "account_id", None)
    return set() if pk is None else set(Activity.objects.filter(account_id=pk).values_list("pk", flat=True))


register_neighbours("activities", of_account)
