"""Ids as addresses, forms and files name them."""

from typing import Any

MOST_DIGITS = 18  # what every column of ids holds


def id_of(text: Any) -> int | None:
    """Return the id that a text names, None for anything else: other digits than 0 to 9, more than a column holds."""
    text = str(text or "")
    return int(text) if text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS else None
