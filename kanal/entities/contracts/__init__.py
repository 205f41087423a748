"""Contracts, created by a sale."""
