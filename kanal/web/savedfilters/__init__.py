"""Saved filters: those offered by a list, and the pages to manage them."""
