"""Registers the room and its places in the global menu."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    """Accounts."""

    name = "kanal.entities.accounts"

    def ready(self) -> None:
        """Declare the record types, and put the accounts' own pages into the global menu (NAV-1)."""
        from kanal.entities.accounts import entity  # noqa: F401
        from kanal.web.navigation import ACCOUNTS, Place, add

        add(Place(ACCOUNTS, _("Favourite accounts"), "favourite-accounts", "star", "accounts"))
        add(Place(ACCOUNTS, _("Import accounts"), "accounts-import", "upload", "accounts", "import"))
        add(Place(ACCOUNTS, _("Account groups"), "account-groups-list", "folder", "account-groups"))
        add(Place(ACCOUNTS, _("Account types"), "account-types-list", "category", "account-types"))
