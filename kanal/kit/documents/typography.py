"""Word's typographic changes to typed tokens, reverted within tokens only.

AutoCorrect changes quotes, spaces and dashes. Spell check, bookmarks, links and controls split a token into several
elements.
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
    """Join each token in its first element, with the syntax's plain quotes, spaces and dashes."""
    for match in [*TOKEN.finditer(text.whole)][::-1]:
        written = straight(match[0])
        if written != match[0] or text.is_spread(match.start(), match.end()):
            text.replace(match.start(), match.end(), written)


def straight(token: str) -> str:
    """Return a token with straight quotes, plain spaces and hyphens outside of string literals."""
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
    """Return the end of the literal that starts here, or 0. A straight quote only ends at the same quote."""
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
