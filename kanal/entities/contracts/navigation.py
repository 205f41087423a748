"""Menu entry of contracts."""

from kanal.web.navigation import register_type

register_type("contracts", order=70)
