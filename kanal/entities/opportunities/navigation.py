"""Menu entry of opportunities."""

from kanal.web.navigation import register_type

register_type("opportunities", order=20, shortcut="g o")
