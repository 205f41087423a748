"""What a person reads on a page: its text, its labels, and the texts that it holds ready for scripts."""

import re
from collections.abc import Iterator

from lxml import html

from tests.texts.pseudo import CLOSE, OPEN

LABELS = ("title", "aria-label", "placeholder", "alt", "aria-description", "aria-roledescription")
# Code, keys of the keyboard, and what was typed.
UNREAD = {"script", "style", "code", "pre", "kbd", "svg", "samp", "textarea"}
BUTTONS = {"submit", "button", "reset"}
# Texts for scripts begin with a capital; keys, addresses and formats don't, or contain what no sentence has.
SENTENCE = re.compile(r"^[^\W\d_a-z][^{}\[\]<>/=_]*$|^«")


def texts_of(content: str) -> Iterator[tuple[str, str]]:
    """List the texts of a page: (where it stands, the text).

    A translated text may contain elements: each of its parts is given with the brackets that stand around it.
    """
    depth = 0
    for where, text, is_inline in parts_of(html.document_fromstring(content)):
        opened = depth if is_inline else 0
        closed = max(0, opened + text.count(OPEN) - text.count(CLOSE))
        yield where, OPEN * opened + text + CLOSE * closed
        depth = closed if is_inline else depth


def parts_of(element: html.HtmlElement) -> Iterator[tuple[str, str, bool]]:
    """List the texts of an element and of what is in it, as they follow: (where, text, is it no attribute?)."""
    if isinstance(element.tag, str):
        name = f"<{element.tag}>"
        yield from (
            (f"{name} {key}", value, False) for key, value in element.attrib.items() if is_read(element, key, value)
        )
        if element.tag not in UNREAD and element.get("translate") != "no":
            yield name, element.text or "", True
            for child in element:
                yield from parts_of(child)
    yield "text", element.tail or "", True


def is_read(element: html.HtmlElement, key: str, value: str) -> bool:
    """Return whether a person reads an attribute, at once or by a script."""
    if key in LABELS or (key == "value" and element.tag == "input" and element.get("type") in BUTTONS):
        return True
    return key.startswith("data-") and bool(SENTENCE.match(value))
