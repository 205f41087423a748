"""Menu entry of partners."""

from kanal.web.navigation import register_type

register_type("partners", order=50)
