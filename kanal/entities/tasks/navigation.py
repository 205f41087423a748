"""Menu entry of tasks."""

from kanal.web.navigation import PLATFORM, register_type

register_type("tasks", PLATFORM, order=20)
