"""Menu entry of leads."""

from kanal.web.navigation import register_type

register_type("leads", order=10, shortcut="g l")
