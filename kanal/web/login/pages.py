"""How signing in differs from allauth's own way: nobody signs up, and who guesses passwords is told to wait."""

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
    """Users are invited, they do not sign up."""

    def is_open_for_signup(self, request: Any) -> bool:
        """Refuse everybody."""
        return False

    def _get_login_attempts_cache_key(self, request: Any, **credentials: Any) -> str:
        """Count wrong passwords for a name at each address by itself: who guesses elsewhere shuts nobody out."""
        name = super()._get_login_attempts_cache_key(request, **credentials)
        return f"{name}:{self.get_client_ip(request)}"

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send a mail; raise Refused with a sentence while the mail server does not take it (REL-4)."""
        try:
            super().send_mail(template_prefix, email, context)
        except (OSError, SMTPException) as problem:
            log.warning("a mail could not be sent: %s", type(problem).__name__)
            message = _("The mail couldn't be sent. Try again later, or tell your administrator.")
            raise Refused(message) from problem


class Login(LoginView):
    """Sign in; too many failures are answered by 429 (ACC-9)."""

    def form_invalid(self, form: Any) -> HttpResponse:
        """Show the form with what is wrong."""
        response = super().form_invalid(form)
        if any(error.code == GUESSING for errors in form.errors.as_data().values() for error in errors):
            response.status_code = 429
            response["Retry-After"] = str(WAIT)
        return response
