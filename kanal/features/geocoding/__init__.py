"""Positions of addresses on a map, looked up by a configured service and kept (ACCT-7)."""
