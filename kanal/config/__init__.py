"""Wiring: settings, environment, URLs, servers and the command line. Imported by nothing else."""

from kanal.kit import zones

zones.use_package()
