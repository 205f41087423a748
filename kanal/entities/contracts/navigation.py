"""The place of contracts in the menus."""

from kanal.web.navigation import register_type

register_type("contracts", order=70)
