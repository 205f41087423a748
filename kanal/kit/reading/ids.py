"""Record ids in URLs, forms and files."""

from typing import Any

MOST_DIGITS = 18  # the limit of id columns


def id_of(text: Any) -> int | None:
    """Return the id in a text, or None if it has characters other than 0 to 9 or exceeds an id column."""
    text = str(text or "")
    return int(text) if text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS else None
