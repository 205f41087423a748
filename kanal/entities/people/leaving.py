"""Access permanently ended by deactivating a user: sessions and tokens (ACC-9)."""

from typing import Any

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session

from kanal.core.models import ApiToken


def end_access(user: Any) -> None:
    """Sign a user out everywhere, and revoke their tokens."""
    rows = UserSession.objects.filter(user=user)
    Session.objects.filter(pk__in=list(rows.values_list("session_key", flat=True))).delete()  # direct write: no record
    rows.delete()  # direct write: not a record
    ApiToken.objects.filter(user=user).delete()  # direct write: a token isn't a record
