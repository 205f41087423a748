"""The place of partners in the menus."""

from kanal.web.navigation import register_type

register_type("partners", order=50)
