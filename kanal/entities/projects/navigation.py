"""Menu entry of projects."""

from kanal.web.navigation import PLATFORM, register_type

register_type("projects", PLATFORM, order=10)
