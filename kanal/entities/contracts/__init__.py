"""Contracts, which a sale makes."""
