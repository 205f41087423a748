"""Text: keys, initials, similarity, safe HTML, cells and file names. See addresses.py for addresses."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Any

import nh3

from kanal.kit.letters import fold


def slugify_key(text: str, default: str = "field", length: int = 50) -> str:
    """Return a key of lowercase letters, digits and underscores that starts with a letter."""
    key = re.sub(r"[^a-z0-9]+", "_", fold(text)).strip("_")
    if not key:
        return default
    if key[0].isdigit():
        key = f"{default}_{key}"
    return key[:length].rstrip("_")


def initials(name: str) -> str:
    """Return the first letters of the first and last word, as a placeholder for a picture."""
    words = [word for word in re.split(r"[\s\-_.,]+", name) if word and word[0].isalnum()]
    if not words:
        return ""
    return "".join(word[0] for word in ([words[0], words[-1]] if len(words) > 1 else words)).upper()


# Similarity: the same numbers as PostgreSQL's pg_trgm for folded text.


@lru_cache(maxsize=8192)
def _trigrams(text: str) -> frozenset[str]:
    words = re.findall(r"\w+", fold(text).replace("_", " "))
    return frozenset(f"  {word} "[i : i + 3] for word in words for i in range(len(word) + 1))


def similarity(a: str, b: str) -> float:
    """Return the trigram similarity of two texts: 1.0 for the same words, 0.0 for nothing in common."""
    left, right = _trigrams(a), _trigrams(b)
    if not left or not right:
        return 0.0
    return len(left & right) / len(left | right)


# HTML from a user: what an editor produces, and nothing that runs, loads or imitates the page.
_TAG_NAMES = "a b blockquote br code del div em h1 h2 h3 h4 hr i li ol p pre s span strong sub sup u ul"
_TAGS = {*_TAG_NAMES.split(), "table", "thead", "tbody", "tr", "th", "td"}
_ATTRIBUTES = {"a": {"href", "title"}, "td": {"colspan", "rowspan"}, "th": {"colspan", "rowspan"}}


def sanitize_html(html: str) -> str:
    """Return an editor's HTML without scripts, styles, images, forms and unsafe links."""
    return nh3.clean(
        html,
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        url_schemes={"http", "https", "mailto", "tel"},
        link_rel="noopener noreferrer nofollow",
        strip_comments=True,
    )


_FORMULA = re.compile(r"'*(?:\s*[=+\-@\uff1d\uff0b\uff0d\uff20]|[\t\r\n])")
_PLAIN_NUMBER = re.compile(r"[+-]?\d+(?:[.,]\d+)*")


def csv_safe(cell: Any) -> Any:
    """Return a cell that a spreadsheet won't run as a formula. Values other than text are unchanged."""
    if not isinstance(cell, str) or not _FORMULA.match(cell) or _PLAIN_NUMBER.fullmatch(cell):
        return cell
    return f"'{cell}"


def csv_plain(cell: str) -> str:
    """Remove the prefix added by `csv_safe`, so that an export can be imported."""
    if cell.startswith("'") and _FORMULA.match(cell) and not _PLAIN_NUMBER.fullmatch(cell[1:]):
        return cell[1:]
    return cell


_RESERVED = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\..*)?", re.IGNORECASE)


def safe_filename(name: str, default: str = "file", limit: int = 150) -> str:
    """Return a file name that is safe on every system: no path, no hidden characters, at most `limit` bytes."""
    text = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    text = "".join(letter for letter in text if unicodedata.category(letter)[0] != "C")
    text = re.sub(r'[<>:"|?*%\s]+', " ", text).strip(" .")
    if not text or _RESERVED.fullmatch(text):
        text = f"{default}_{text}".rstrip("_")
    stem, dot, ending = text.rpartition(".")
    if not dot or len(ending) > 10:
        stem, dot, ending = text, "", ""
    room = limit - len((dot + ending).encode())
    return stem.encode()[:room].decode(errors="ignore").rstrip(" .") + dot + ending
