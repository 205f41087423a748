"""The place of tasks in the menus."""

from kanal.web.navigation import PLATFORM, register_type

register_type("tasks", PLATFORM, order=20)
