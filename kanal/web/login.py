"""How signing in differs from allauth's own way: nobody signs up by themselves."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter


class Adapter(DefaultAccountAdapter):
    """Users are invited, they do not sign up."""

    def is_open_for_signup(self, request: Any) -> bool:
        """Refuse everybody."""
        return False
