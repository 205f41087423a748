"""Differences from allauth's sign-in: no signup, and a rate limit on guessing passwords."""

import logging
from smtplib import SMTPException
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.views import LoginView
from django.http import HttpResponse
from django.utils.translation import gettext as _

from kanal.kit.errors import Refused

GUESSING = "too_many_login_attempts"
WAIT = 15
log = logging.getLogger("kanal.mail")


class Adapter(DefaultAccountAdapter):
    """An adapter without signup: users are invited."""

    def is_open_for_signup(self, request: Any) -> bool:
        """Return False."""
        return False

    def _get_login_attempts_cache_key(self, request: Any, **credentials: Any) -> str:
        """Count wrong passwords for a name per address, so that guessing elsewhere locks nobody out."""
        name = super()._get_login_attempts_cache_key(request, **credentials)
        return f"{name}:{self.get_client_ip(request)}"

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send a mail. Raise Refused with a message if the mail server doesn't accept it (REL-4)."""
        try:
            super().send_mail(template_prefix, email, context)
        except (OSError, SMTPException) as problem:
            log.warning("a mail could not be sent: %s", type(problem).__name__)
            message = _("The mail couldn't be sent. Try again later, or tell your administrator.")
            raise Refused(message) from problem


class Login(LoginView):
    """Sign-in. Too many failures return 429 (ACC-9)."""

    def form_invalid(self, form: Any) -> HttpResponse:
        """Show the form with its errors."""
        response = super().form_invalid(form)
        if any(error.code == GUESSING for errors in form.errors.as_data().values() for error in errors):
            response.status_code = 429
            response["Retry-After"] = str(WAIT)
        return response
