"""Creation and validation of API tokens. The token itself is shown once and never stored."""

import datetime as dt
import hashlib
import secrets
from typing import Any

from django.db.models import CharField, DateTimeField, Q, QuerySet
from django.utils import timezone

from kanal.core import epoch
from kanal.core.actor import SYSTEM, Actor
from kanal.core.cache import keep_up
from kanal.core.models import ApiToken
from kanal.core.query.compiled import Param, compiled

PREFIX = "kanal_"
READ, WRITE = "read", "write"


def digest_of(token: str) -> str:
    """Return the hash of a token. It is long and random, so a plain hash can't be reversed."""
    return hashlib.sha256(token.encode()).hexdigest()


def create_token(
    user: Any, name: str, scope: str = WRITE, expires_at: dt.datetime | None = None, *, by: Actor = SYSTEM
) -> str:
    """Create a token for a user and return it. It can't be read again later."""
    token = PREFIX + secrets.token_urlsafe(32)
    scopes = [READ, WRITE] if scope == WRITE else [scope]
    with by.on_connection():
        ApiToken.objects.create(user=user, name=name, digest=digest_of(token), scopes=scopes, expires_at=expires_at)
    return token


def withdraw(row: ApiToken, *, by: Actor) -> None:
    """Delete a token, so that it can no longer be used."""
    with by.on_connection():
        row.delete()


def authenticate_token(token: str) -> ApiToken | None:
    """Return the token's row with its user if both are valid. Record its use, at most once a minute."""
    now = timezone.now()
    row: ApiToken | None = compiled(valid).first(now=now, digest=digest_of(token))
    if row is not None:
        keep_up(row.epoch)  # type: ignore[attr-defined]
    if row and (row.used_at is None or now - row.used_at > dt.timedelta(minutes=1)):
        ApiToken.objects.filter(pk=row.pk).update(used_at=now)
    return row


def valid() -> QuerySet:
    """Return the query of a usable token of a user who may sign in."""
    now, digest = Param("now", DateTimeField()), Param("digest", CharField())
    lasts = Q(expires_at__isnull=True) | Q(expires_at__gt=now)
    tokens = ApiToken.objects.select_related("user").filter(lasts, digest=digest, user__is_active=True)
    return tokens.annotate(epoch=epoch.epoch_expression()).order_by()


def allows(row: ApiToken, scope: str, resource: str) -> bool:
    """Return whether a token may read or write a resource."""
    return scope in row.scopes or f"{scope}:{resource}" in row.scopes
