"""Audit log entries for sign-ins, sign-outs, failed attempts, and changes of a password or second factor (ACC-10)."""

from typing import Any

from allauth.account import signals as account
from allauth.mfa import signals as factors
from django.contrib.auth import signals as auth
from django.utils.translation import gettext as _

from kanal.core import audit
from kanal.core.audit import Kind


def address_of(request: Any) -> str:
    """Return the IP address of a request."""
    return request.META.get("REMOTE_ADDR", "") if request is not None else ""


def signed_in(*, request: Any, user: Any, **kwargs: Any) -> None:
    """Log a sign-in."""
    audit.note(Kind.LOGIN, user, address=address_of(request))


def signed_out(*, request: Any, user: Any, **kwargs: Any) -> None:
    """Log a sign-out."""
    if user is not None:
        audit.note(Kind.LOGOUT, user, address=address_of(request))


def failed(*, credentials: dict[str, Any], request: Any = None, **kwargs: Any) -> None:
    """Log a failed attempt with the given name, but never the password."""
    name = credentials.get("username") or credentials.get("email") or credentials.get("login") or ""
    audit.note(Kind.FAILURE, None, str(name)[:120], address=address_of(request))


def changed(*, request: Any, user: Any, signal: Any, **kwargs: Any) -> None:
    """Log the change of a password or second factor."""
    audit.note(Kind.PASSWORD, user, TEXTS[signal](), address=address_of(request))


TEXTS = {
    account.password_set: lambda: _("Password set"),
    account.password_changed: lambda: _("Password changed"),
    account.password_reset: lambda: _("Password reset by mail"),
    factors.authenticator_added: lambda: _("Second factor added"),
    factors.authenticator_removed: lambda: _("Second factor removed"),
    factors.authenticator_reset: lambda: _("Recovery codes regenerated"),
}


auth.user_logged_in.connect(signed_in)
auth.user_logged_out.connect(signed_out)
auth.user_login_failed.connect(failed)
for security_signal in TEXTS:
    security_signal.connect(changed)
