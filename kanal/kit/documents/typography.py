"""What Word's autocorrection makes of tokens as they are typed (quotes, spaces, dashes), undone within tokens alone."""

from __future__ import annotations

import re
import unicodedata

from kanal.kit.documents.paragraphs import Text

TOKEN = re.compile(r"\{\{.*?\}\}|\{%.*?%\}", re.DOTALL)
_DOUBLE = '"“”„‟«»〝〞'
_SINGLE = "'‘’‚‛‹›"
_DASHES = "‐‑‒–—−"


def straighten(text: Text) -> None:
    """Make the quotes, spaces and dashes that Word's autocorrection leaves in tokens those of the language."""
    for match in [*TOKEN.finditer(text.whole)][::-1]:
        straight = _straight(match[0])
        if straight != match[0]:
            text.replace(match.start(), match.end(), straight)


def _straight(token: str) -> str:
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
