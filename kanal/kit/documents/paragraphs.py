"""The text of a Word paragraph, which is spread over many elements, read and changed as one string."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from kanal.kit.documents.contents import W

# The attribute with a paragraph's number in the uploaded file.
NUMBER = "kanal-number"


@dataclass(eq=False)
class Text:
    """The text of a paragraph, spread over its `w:t` elements (or its field instructions)."""

    paragraph: Any
    nodes: list[Any]

    @property
    def whole(self) -> str:
        """Return the concatenated text of all elements."""
        return "".join(node.text or "" for node in self.nodes)

    def replace(self, start: int, end: int, replacement: str) -> None:
        """Replace a range. The replacement goes where the range began."""
        offset = 0
        for node in self.nodes:
            text = node.text or ""
            first, last = max(start - offset, 0), min(end - offset, len(text))
            if first < last:
                node.text = text[:first] + replacement + text[last:]
                replacement = ""
                node.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
            offset += len(text)

    def is_spread(self, start: int, end: int) -> bool:
        """Return whether a range spans more than one element."""
        offset, touched = 0, 0
        for node in self.nodes:
            length = len(node.text or "")
            touched += max(start - offset, 0) < min(end - offset, length)
            offset += length
        return touched > 1


def text_paragraphs(tree: Any, name: str = "t") -> list[Text]:
    """Return the paragraphs of a part that contain text, each without its anchored text boxes.

    With the name `instrText`, they contain field instructions instead.
    """
    texts: dict[Any, Text] = {}
    for node in tree.iter(f"{W}{name}"):
        paragraph = next(node.iterancestors(f"{W}p"), None)
        if paragraph is not None:
            texts.setdefault(paragraph, Text(paragraph, [])).nodes.append(node)
    return list(texts.values())
