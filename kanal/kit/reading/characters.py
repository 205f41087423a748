"""Normalization of characters in external text: digits of all scripts, spaces, dashes, invisible characters."""

from __future__ import annotations

import re
import unicodedata

_DASHES = "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63\uff0d"
_APOSTROPHES = "\u2018\u2019\u02bc\u00b4`\u2032"
_HIDDEN = (
    "\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\ufeff\u00ad\ufe0e\ufe0f"
)
_TABLE = (
    dict.fromkeys(map(ord, _DASHES), "-")
    | dict.fromkeys(map(ord, _APOSTROPHES), "'")
    | dict.fromkeys(map(ord, _HIDDEN), None)
    | {ord("\u066b"): ".", ord("\u066c"): "'", ord("\uff0c"): ",", ord("\uff0e"): "."}
)
_BLANKS = re.compile(r"\s+")


# Placeholders for missing values, from people and programs.
_PLACEHOLDERS = "- -- --- . n/a n.a. n.a na null (null) nil none nan \\n <null> (empty) (blank) k.a."
_NOTHING = frozenset(_PLACEHOLDERS.split())


def is_nothing(text: str) -> bool:
    """Return whether a text is a placeholder for no value: a dash, "n/a", "NULL". Never a possible part of a name."""
    return len(text) < 20 and normalize_characters(text).lower() in _NOTHING


# No number, date, amount, country or option name is longer: patterns don't need to check longer texts.
LONGEST = 200


def normalize_characters(text: str) -> str:
    """Return the text with plain digits, dashes, apostrophes and single spaces, without hidden characters."""
    if text.isascii():
        return " ".join(text.split())
    text = text.translate(_TABLE)
    digits = {ord(letter): str(unicodedata.decimal(letter)) for letter in set(text) if letter.isdecimal()}
    return _BLANKS.sub(" ", text.translate(digits)).strip()
