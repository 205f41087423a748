"""Menu entry of contacts."""

from kanal.web.navigation import register_type

register_type("contacts", order=40, shortcut="g c")
