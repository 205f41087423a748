"""How signing in differs from allauth's own way: nobody signs up, and who guesses passwords is told to wait."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.views import LoginView
from django.http import HttpResponse

GUESSING = "too_many_login_attempts"
WAIT = 300


class Adapter(DefaultAccountAdapter):
    """Users are invited, they do not sign up."""

    def is_open_for_signup(self, request: Any) -> bool:
        """Refuse everybody."""
        return False


class Login(LoginView):
    """Sign in; too many failures are answered by 429 (ACC-9)."""

    def form_invalid(self, form: Any) -> HttpResponse:
        """Show the form with what is wrong."""
        response = super().form_invalid(form)
        if any(error.code == GUESSING for errors in form.errors.as_data().values() for error in errors):
            response.status_code = 429
            response["Retry-After"] = str(WAIT)
        return response
