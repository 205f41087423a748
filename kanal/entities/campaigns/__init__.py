"""Campaigns: what brings leads, what it costs and what it is to bring."""
