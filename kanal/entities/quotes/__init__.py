"""Quotes with their items, and the documents made from them."""
