"""Quotes with their items, and documents generated from them."""
