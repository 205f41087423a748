"""The encoding of a file: declared, by byte order mark, UTF-8, or guessed from the letters of the whole text."""

from __future__ import annotations

import codecs
from contextlib import suppress
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from kanal.kit.errors import Invalid
from kanal.kit.reading.likelihood import likelihood

# Fallbacks for text that isn't UTF-8, with how much more likely than the first a rarer one must be.
_DOUBTS = {
    "cp1252": 0.0, "cp1250": 0.5, "cp1251": 0.5, "cp1254": 0.5, "cp1253": 1.0, "cp1257": 2.0, "iso8859-2": 1.5,
    "cp850": 1.75, "cp852": 2.0, "koi8-r": 2.0, "koi8-u": 2.25, "cp866": 2.5, "iso8859-15": 3.0, "iso8859-5": 3.0,
    "mac-roman": 3.25, "cp1255": 2.0, "cp1256": 2.0, "cp932": 3.0, "gb18030": 3.0, "big5": 3.5, "euc-kr": 3.0,
    "euc-jp": 4.0,
}  # fmt: skip
GUESSED = tuple(_DOUBTS)
OFFERED = ("utf-8", "utf-16-le", "utf-16-be", *GUESSED, "iso8859-1")
REPLACEMENT = "\ufffd"
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF32_LE, "utf-32"), (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"),
)  # fmt: skip
_UNREADABLE = _("The text can't be read as %(encoding)s.")
_NO_FILES = {"idna", "punycode", "raw_unicode_escape", "unicode_escape"}
# Number of bytes used for a guess.
_SAMPLED = 100_000


@dataclass(frozen=True, slots=True)
class Decoded:
    """A decoded text and its encoding.

    A guess isn't certain. `is_damaged`: the text contains replacement characters for lost letters (U+FFFD).
    """

    text: str
    encoding: str
    is_certain: bool

    @property
    def is_damaged(self) -> bool:
        """Return whether letters were lost before the text was received."""
        return REPLACEMENT in self.text


def decode(content: bytes, declared: str | None = None) -> Decoded:
    """Return the text of a file. Raise Invalid if it isn't text, or not in the declared encoding.

    A byte order mark takes precedence over a declaration, which may be too broad: declared ISO 8859-1 is read as the
    Windows encoding that includes it, as browsers do.
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
    """Return Python's name of a declared encoding. Raise Invalid if it isn't a text encoding."""
    try:
        info = codecs.lookup(name.strip().strip("\"'"))
        "a".encode(info.name)  # rejects codecs that aren't text encodings
    except (LookupError, ValueError):
        raise Invalid(_("The encoding “%(name)s” is not known.") % {"name": name[:40]}) from None
    if info.name.replace("-", "_") in _NO_FILES:
        raise Invalid(_("The encoding “%(name)s” is not known.") % {"name": name[:40]})
    return "cp1252" if info.name in ("iso8859-1", "ascii") else info.name


def _strict(content: bytes, encoding: str) -> str:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError:
        raise Invalid(_UNREADABLE % {"encoding": encoding}) from None


def _wide(content: bytes) -> str:
    """Return the name of UTF-16 without a mark, detected by the zeros between letters, or ""."""
    sample = content[:2000]
    if b"\x00" not in sample or len(sample) < 4:
        return ""
    if sample[1::2].count(0) > len(sample) // 4:
        return "utf-16-le"
    return "utf-16-be" if sample[::2].count(0) > len(sample) // 4 else ""


def _guess(content: bytes) -> Decoded:
    """Return the text in the most likely of the encodings that can decode all of it."""
    sample = _sample(content)
    worth: dict[str, float] = {}
    for encoding, doubt in _DOUBTS.items():
        with suppress(UnicodeDecodeError):
            worth[encoding] = likelihood(sample.decode(encoding), encoding) - doubt
    for encoding in sorted(worth, key=lambda name: -worth[name]):
        with suppress(UnicodeDecodeError):
            return Decoded(content.decode(encoding), encoding, is_certain=False)
    raise Invalid(_("The file can't be read as text."))


def _sample(content: bytes) -> bytes:
    """Return the lines with non-ASCII letters, up to the size needed for a guess."""
    if len(content) <= _SAMPLED:
        return content
    lines, size = [], 0
    for line in content.splitlines(keepends=True):
        if not line.isascii():
            lines.append(line[:_SAMPLED])
            size += len(line)
        if size > _SAMPLED:
            break
    return b"".join(lines)
