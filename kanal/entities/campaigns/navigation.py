"""The place of campaigns in the menus."""

from kanal.web.navigation import register_type

register_type("campaigns", order=60)
