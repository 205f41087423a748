"""The place of opportunities in the menus."""

from kanal.web.navigation import register_type

register_type("opportunities", order=20, shortcut="g o")
