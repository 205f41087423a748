"""What Word makes of tokens as they are typed, undone within tokens alone.

Its autocorrection changes quotes, spaces and dashes; spell check, bookmarks, links and controls spread a token over
several elements.
"""

from __future__ import annotations

import re
import unicodedata

from kanal.kit.documents.paragraphs import Text

TOKEN = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}", re.DOTALL)
_DOUBLE = '"“”„‟«»〝〞'
_SINGLE = "'‘’‚‛‹›"
_DASHES = "‐‑‒–—−"


def straighten(text: Text) -> None:
    """Write each token in the element in which it begins, with the quotes, spaces and dashes of the language."""
    for match in [*TOKEN.finditer(text.whole)][::-1]:
        written = straight(match[0])
        if written != match[0] or text.is_spread(match.start(), match.end()):
            text.replace(match.start(), match.end(), written)


def straight(token: str) -> str:
    """Return a token with straight quotes, common spaces and hyphens outside of its texts."""
    out, position = [], 0
    while position < len(token):
        letter = token[position]
        if letter in _DOUBLE + _SINGLE:
            end = _end_of_literal(token, position)
            if end:
                out.append(_quoted(token[position + 1 : end]))
                position = end + 1
                continue
        out.append(_plain(letter))
        position += 1
    return "".join(out)


def _end_of_literal(token: str, start: int) -> int:
    """Return where the literal that begins here ends, 0 if it does not; a straight quote is ended by its like."""
    opened = token[start]
    family = _DOUBLE if opened in _DOUBLE else _SINGLE
    if opened in "\"'":
        straight = token.find(opened, start + 1)
        if straight > 0:
            return straight
    return next((place for place in range(start + 1, len(token)) if token[place] in family), 0)


def _quoted(content: str) -> str:
    quote = "'" if any(letter in '"“”' for letter in content) else '"'
    return f"{quote}{content}{quote}"


def _plain(letter: str) -> str:
    category = unicodedata.category(letter)
    if category == "Cf":
        return ""
    if category == "Zs":
        return " "
    return "-" if letter in _DASHES else letter
