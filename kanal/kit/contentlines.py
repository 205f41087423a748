"""Content lines of vCard (RFC 2426) and iCalendar (RFC 5545): escaped values, folded to 75 bytes."""

from __future__ import annotations

import re

LONGEST_LINE = 75
_ESCAPED = {"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n"}
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


def structured(*parts: str | None) -> str:
    """Return a structured value."""
    return ";".join(escaped(part) for part in parts)


def escaped(text: str | None) -> str:
    """Return a text escaped as a value on one line, without control characters."""
    plain = (text or "").replace("\r\n", "\n").replace("\r", "\n")
    return re.sub(r"[\\;,\n]", lambda match: _ESCAPED[match[0]], _CONTROLS.sub("", plain))


def folded(line: str) -> str:
    """Return a line folded to at most 75 bytes, without splitting a character."""
    pieces, piece, size = [], "", 0
    for letter in line:
        width = len(letter.encode())
        if size + width > LONGEST_LINE:
            pieces.append(piece)
            piece, size = " ", 1
        piece += letter
        size += width
    return "\r\n".join([*pieces, piece])
