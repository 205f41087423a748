"""The account related to a person who is anonymized. It's near the person and keeps its texts."""

from typing import Any

from kanal.core.privacy.neighbours import register_neighbours


def own_account(person: Any) -> set[int]:
    """Return the account of a person."""
    pk = getattr(person, "account_id", None)
    return set() if pk is None else {pk}


register_neighbours("accounts", own_account, is_redacted=False)
