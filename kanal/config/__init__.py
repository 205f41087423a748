"""Wiring: settings, environment, addresses, servers and the command line; imported by nobody."""
