"""Menu entries of accounts: their list, and separate pages in the global menu (NAV-1)."""

from django.utils.translation import gettext_lazy as _

from kanal.web.navigation import ACCOUNTS, MenuItem, register_item, register_type

register_type("accounts", order=30, shortcut="g a")
register_item(MenuItem(ACCOUNTS, _("Favourite accounts"), "favourite-accounts", "star", "accounts"))
register_item(MenuItem(ACCOUNTS, _("Import accounts"), "accounts-import", "upload", "accounts", "import"))
register_item(MenuItem(ACCOUNTS, _("Account groups"), "account-groups-list", "folder", "account-groups"))
register_item(MenuItem(ACCOUNTS, _("Account types"), "account-types-list", "category", "account-types"))
