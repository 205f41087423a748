"""Authentication of callers: a bearer token, or for reads only the signed-in user of the browser."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja.security import HttpBearer

from kanal.api import rate_limiting
from kanal.core import tokens
from kanal.core.actor import Actor, ChangeSource
from kanal.core.context import Context, activate
from kanal.kit.errors import NotAllowed

LONGEST = 200
SAFE = {"GET", "HEAD", "OPTIONS"}


class Bearer(HttpBearer):
    """Accepts a valid token. `actor` checks its scopes."""

    def __call__(self, request: HttpRequest) -> Any:
        """Permit reads with a browser session and without a token, for the documentation page."""
        if "Authorization" not in request.headers and request.user.is_authenticated and request.method in SAFE:
            return request.user
        return super().__call__(request)

    def authenticate(self, request: HttpRequest, token: str) -> Any:
        """Return the token's user, and activate their language, time zone and day (HIST-1a)."""
        if not token.startswith(tokens.PREFIX) or not token.isascii() or len(token) > LONGEST:
            return None
        row = tokens.authenticate_token(token)
        if row is None:
            return None
        rate_limiting.consume("api.requests_per_minute", row.digest)
        request.api_token = row  # type: ignore[attr-defined]
        request.user = row.user
        activate(Context.of(row.user, ChangeSource.API, getattr(request, "request_id", "")))
        return row.user


def scope_for(method: str) -> str:
    """Return the scope that a method requires."""
    return tokens.READ if method.upper() in SAFE else tokens.WRITE


def actor(request: HttpRequest, resource: str) -> Actor:
    """Return the actor of a request. Raise NotAllowed if the token's scopes are insufficient."""
    row = getattr(request, "api_token", None)
    scope = scope_for(str(request.method))
    if row is not None and not tokens.allows(row, scope, resource):
        raise NotAllowed(_("This token doesn't have the scope “%(scope)s”.") % {"scope": scope})
    return Actor(request.user, ChangeSource.API, request_id=getattr(request, "request_id", ""))
