"""Tokens of other systems, found in a template where nothing would replace them."""

from __future__ import annotations

import re
from collections.abc import Collection

from kanal.kit.documents.suggestions import suggest

# Merge fields of Microsoft, Salesforce, Zoho, single braces, Documill, PandaDoc and shells.
_NAME = r"[A-Za-zÀ-ž][\w .:/-]{0,60}?"
_PATTERNS = tuple(
    re.compile(pattern)
    for pattern in (
        rf"\$\{{\s*({_NAME})\s*\}}",
        rf"«\s*({_NAME})\s*»",
        rf"<<\s*({_NAME})\s*>>",
        rf"\[\[\s*({_NAME})\s*\]\]",
        rf"\{{!\s*({_NAME})\s*\}}",
        rf"(?<![{{$])\{{\s*({_NAME})\s*\}}(?!\}})",
        rf"%({_NAME})%",
        r"(?<!\[)\[([A-Za-z]\w*[._]\w+)\]",
    )
)
_MOST = 20


def foreign_tokens(text: str, known: Collection[str]) -> list[tuple[str, str]]:
    """Return likely tokens of other systems, each with the known token it may mean, or ""."""
    suggestions: dict[str, str] = {}
    for pattern in _PATTERNS:
        for match in pattern.finditer(text):
            name = re.sub(r"\s+", "_", match[1].strip()).lower()
            dotted = name if "." in name else name.replace("_", ".", 1)
            suggestions.setdefault(match[0], suggest(dotted, dotted, known))
    return list(suggestions.items())[:_MOST]
