"""The place of projects in the menus."""

from kanal.web.navigation import PLATFORM, register_type

register_type("projects", PLATFORM, order=10)
