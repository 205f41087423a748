"""Menu entries of activities: their list, and logging a call from any page."""

from django.utils.translation import gettext_lazy as _

from kanal.web.navigation import ADD, MenuItem, register_item, register_type

register_type("activities", order=80, shortcut="g s")
register_item(MenuItem(ADD, _("Log a call"), "log-call", "phone", "activities", "add", "c"))
