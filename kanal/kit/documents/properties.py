"""Document properties (title, keywords, company, custom), which may contain tokens too."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from docx.opc.constants import CONTENT_TYPE

from kanal.kit.documents.xml import parse, serialize

_OTHER = (CONTENT_TYPE.OFC_EXTENDED_PROPERTIES, CONTENT_TYPE.OFC_CUSTOM_PROPERTIES)


def property_texts(package: Any) -> list[str]:
    """Return the text of each property that contains tokens."""
    return [" ".join((element.text or "").split()) for _part, tree in _trees(package) for element in _filled(tree)]


def fill_properties(package: Any, write: Callable[[str], str]) -> None:
    """Render the tokens in the properties."""
    for part, tree in _trees(package):
        for element in _filled(tree):
            element.text = write(element.text or "")
        if part.content_type in _OTHER:
            part._blob = serialize(tree)


def _trees(package: Any) -> Iterator[tuple[Any, Any]]:
    for part in package.parts:
        if part.content_type == CONTENT_TYPE.OPC_CORE_PROPERTIES:
            yield part, part.element
        elif part.content_type in _OTHER:
            yield part, parse(str(part.partname), part.blob)


def _filled(tree: Any) -> Iterator[Any]:
    for element in tree.iter("{*}*"):
        if any(sign in (element.text or "") for sign in ("{{", "{%", "{#")):
            yield element
