"""Wiring: settings, environment, addresses, servers and the command line; imported by nobody."""

from kanal.kit import zones

zones.use_package()
