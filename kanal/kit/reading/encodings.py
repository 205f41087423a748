"""The encoding of a file: declared, marked, UTF-8, or guessed by the letters of the whole text."""

from __future__ import annotations

import codecs
import itertools
import re
from dataclasses import dataclass
from functools import cache

from django.utils.translation import gettext_lazy as _

from kanal.kit.errors import Invalid
from kanal.kit.reading.alphabets import ALPHABETS, COMMON_SIGNS, VOWELS

# Tried where a text is no UTF-8. Of equals the first is taken.
GUESSED = (
    "cp1252", "cp1250", "iso8859-2", "cp1251", "koi8-r", "cp1253", "cp1254", "cp1257", "cp850", "cp852", "cp866",
    "mac-roman",
)  # fmt: skip
OFFERED = ("utf-8", "utf-16-le", "utf-16-be", *GUESSED, "iso8859-1", "iso8859-15")
REPLACEMENT = "\ufffd"
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF32_LE, "utf-32"), (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"),
)  # fmt: skip
_UNREADABLE = _("The text can't be read as %(encoding)s.")
_NO_FILES = {"idna", "punycode", "raw_unicode_escape", "unicode_escape"}
_WORDS = re.compile(r"[^\W\d_]{0,40}[^\x00-\x7f\W\d_][^\W\d_]{0,40}")
_SIGNS = re.compile(r"[^\x00-\x7f\w]")
# Signs within a word, or ® and its like before one, are wrongly read letters.
_WITHIN = re.compile(r"[^\W\d_][^\x00-\x7f\w’‘–\u00ad\u00a0][^\W\d_]|[®©™¦¤¬¶±¾¼½¸¹][^\W\d_]")
_MOST_WORDS = 4000


@dataclass(frozen=True, slots=True)
class Decoded:
    """A text with the encoding by which it was read.

    A guess is not certain; `is_damaged` says that the text holds signs that stand for lost letters (U+FFFD).
    """

    text: str
    encoding: str
    is_certain: bool

    @property
    def is_damaged(self) -> bool:
        """Return whether letters were lost before the text came here."""
        return REPLACEMENT in self.text


def decode(content: bytes, declared: str | None = None) -> Decoded:
    """Return the text of a file; raise Invalid where it is none, or not of the declared encoding.

    A mark at the start counts before a declaration, which may be too wide: what is declared ISO 8859-1 is read as
    the Windows encoding that holds it, as browsers do.
    """
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return Decoded(_strict(content, encoding), encoding.removesuffix("-sig"), is_certain=True)
    if declared:
        encoding = known_name(declared)
        return Decoded(_strict(content, encoding), encoding, is_certain=True)
    if wide := _wide(content):
        return Decoded(_strict(content, wide), wide, is_certain=True)
    try:
        return Decoded(content.decode("utf-8"), "utf-8", is_certain=True)
    except UnicodeDecodeError:
        return _guess(content)


def known_name(name: str) -> str:
    """Return the name by which Python knows a declared encoding; raise Invalid for one that is no text encoding."""
    try:
        info = codecs.lookup(name.strip().strip("\"'"))
    except (LookupError, ValueError):
        raise Invalid(_("The encoding “%(name)s” is not known.") % {"name": name[:40]}) from None
    if not info._is_text_encoding or info.name.replace("-", "_") in _NO_FILES:
        raise Invalid(_("The encoding “%(name)s” is not known.") % {"name": name[:40]})
    return "cp1252" if info.name in ("iso8859-1", "ascii") else info.name


def _strict(content: bytes, encoding: str) -> str:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError:
        raise Invalid(_UNREADABLE % {"encoding": encoding}) from None


def _wide(content: bytes) -> str:
    """Return UTF-16 without a mark by the zeros between its letters, or ""."""
    sample = content[:2000]
    if b"\x00" not in sample or len(sample) < 4:
        return ""
    if sample[1::2].count(0) > len(sample) // 4:
        return "utf-16-le"
    return "utf-16-be" if sample[::2].count(0) > len(sample) // 4 else ""


def _guess(content: bytes) -> Decoded:
    best, found = (-1.0, -1.0), None
    for encoding in GUESSED:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if (worth := _worth(text)) > best:
            best, found = worth, Decoded(text, encoding, is_certain=False)
    if found is None:
        raise Invalid(_("The file can't be read as text."))
    return found


def _worth(text: str) -> tuple[float, float]:
    """Return how much a text looks like one of a language: its letters, then how vowels and consonants take turns."""
    words = _WORDS.findall(text)[:_MOST_WORDS]
    signs = _SIGNS.findall(text)[:_MOST_WORDS]
    odd = sum(sign not in COMMON_SIGNS for sign in signs) + len(_WITHIN.findall(text))
    if not words:
        return (1 / (1 + odd), 0.0)
    letters = [frozenset(letter for letter in word.lower() if letter > "\x7f") for word in words]
    fitting = max(sum(found <= alphabet for found in letters) for alphabet in _alphabets())
    mixed = sum(_is_mixed(word) or _has_two_scripts(word) for word in words)
    share = (fitting - mixed) / (len(words) + odd)
    return (round(share, 2), sum(map(_turns, words)) / len(words))


@cache
def _alphabets() -> tuple[frozenset[str], ...]:
    return tuple(frozenset(letters) for letters in ALPHABETS.values())


def _is_mixed(word: str) -> bool:
    """Return whether a small letter stands before a capital one, as wrongly read words have it."""
    return not word.isupper() and any(a.islower() and b.isupper() for a, b in itertools.pairwise(word))


def _has_two_scripts(word: str) -> bool:
    """Return whether Latin letters stand beside Greek or Cyrillic ones."""
    return any(letter < "\x80" for letter in word) and any("\u0370" <= letter <= "\u04ff" for letter in word)


def _turns(word: str) -> float:
    """Return the share of neighbours of which one is a vowel and the other is none."""
    kinds = [letter in VOWELS for letter in word.lower()]
    return sum(a != b for a, b in itertools.pairwise(kinds)) / max(len(kinds) - 1, 1)
