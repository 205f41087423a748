"""Making and checking API tokens; the token itself is shown once and never stored."""

import datetime as dt
import hashlib
import secrets
from typing import Any

from django.db.models import Q
from django.utils import timezone

from kanal.core.models import ApiToken

PREFIX = "kanal_"
READ, WRITE = "read", "write"


def digest_of(token: str) -> str:
    """Hash a token; it is long and random, so a plain hash can't be guessed backwards."""
    return hashlib.sha256(token.encode()).hexdigest()


def make(user: Any, name: str, scope: str = WRITE, expires_at: dt.datetime | None = None) -> str:
    """Make a token for a user and give it, the only time that it can be read."""
    token = PREFIX + secrets.token_urlsafe(32)
    scopes = [READ, WRITE] if scope == WRITE else [scope]
    ApiToken.objects.create(user=user, name=name, digest=digest_of(token), scopes=scopes, expires_at=expires_at)
    return token


def find(token: str) -> ApiToken | None:
    """Give the token's row with its user, if both are valid; note its use, at most once a minute."""
    now = timezone.now()
    row = (
        ApiToken.objects.select_related("user")
        .filter(Q(expires_at__isnull=True) | Q(expires_at__gt=now), digest=digest_of(token), user__is_active=True)
        .first()
    )
    if row and (row.used_at is None or now - row.used_at > dt.timedelta(minutes=1)):
        ApiToken.objects.filter(pk=row.pk).update(used_at=now)
    return row


def allows(row: ApiToken, scope: str, resource: str) -> bool:
    """Tell whether a token may read or write a resource."""
    return scope in row.scopes or f"{scope}:{resource}" in row.scopes
