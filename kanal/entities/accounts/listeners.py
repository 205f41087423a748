"""What accounts are when a person is forgotten: the one that the person belongs to is near, and keeps its texts."""

from typing import Any

from kanal.core.privacy.neighbours import register_neighbours


def own_account(person: Any) -> set[int]:
    """Return the account that a person belongs to."""
    pk = getattr(person, "account_id", None)
    return set() if pk is None else {pk}


register_neighbours("accounts", own_account, is_redacted=False)
