"""Paragraph styles of a template that have bullets or numbers."""

from __future__ import annotations

from typing import Any

from kanal.kit.documents.contents import W
from kanal.kit.documents.xml import parse

_PART = "word/styles.xml"
_MOST_ANCESTORS = 20


def listed_styles(parts: dict[str, bytes]) -> frozenset[str]:
    """Return the ids of the paragraph styles with bullets or numbers, their own or inherited."""
    content = parts.get(_PART)
    if content is None:
        return frozenset()
    styles = {style.get(f"{W}styleId", ""): style for style in parse(_PART, content).iter(f"{W}style")}
    return frozenset(name for name in styles if _has_number(name, styles))


def _has_number(name: str, styles: dict[str, Any]) -> bool:
    for _step in range(_MOST_ANCESTORS):
        style = styles.get(name)
        if style is None:
            return False
        number = style.find(f"{W}pPr/{W}numPr/{W}numId")
        if number is not None:
            return bool(number.get(f"{W}val") != "0")
        based_on = style.find(f"{W}basedOn")
        name = "" if based_on is None else based_on.get(f"{W}val", "")
    return False
