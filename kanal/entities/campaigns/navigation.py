"""Menu entry of campaigns."""

from kanal.web.navigation import register_type

register_type("campaigns", order=60)
