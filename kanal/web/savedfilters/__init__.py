"""Saved filters: which ones a list offers, and the pages that keep them."""
