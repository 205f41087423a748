"""Transformations of a received value in a mapping."""

import re
from collections.abc import Callable

CHANGES: dict[str, Callable[[str], str]] = {
    "trim": str.strip,
    "lower": str.lower,
    "upper": str.upper,
    "title": str.title,
    "first_word": lambda text: (text.split() or [""])[0],
    "rest": lambda text: " ".join(text.split()[1:]),
    "last_word": lambda text: (text.split() or [""])[-1],
    "digits": lambda text: re.sub(r"\D", "", text),
    "one_line": lambda text: " ".join(text.split()),
}
