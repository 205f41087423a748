"""Repairs of a rendered part, so that Word opens it without a repair prompt."""

from __future__ import annotations

from typing import Any

from kanal.kit.documents.contents import W, local_name
from kanal.kit.documents.refusals import Refusal

_PARAGRAPH_ID = "{http://schemas.microsoft.com/office/word/2010/wordml}paraId"
_TEXTUAL = {f"{W}{name}" for name in ("t", "delText", "instrText", "delInstrText")}


def mend(tree: Any) -> None:
    """Remove misplaced text, empty tables and duplicate names, and end each cell with a paragraph."""
    for element in tree.iter(f"{W}*"):
        if element.tag not in _TEXTUAL:
            _check_no_text(element)
    _drop_without(tree, f"{W}tr", f"{W}tc")
    _drop_without(tree, f"{W}tbl", f"{W}tr")
    for cell in tree.iter(f"{W}tc"):
        if not _ends_in_paragraph(cell):
            cell.append(cell.makeelement(f"{W}p", {}))
    if local_name(tree.tag) in ("hdr", "ftr") and tree.find(f".//{W}p") is None:
        tree.append(tree.makeelement(f"{W}p", {}))
    _name_once(tree)


def _drop_without(tree: Any, tag: str, needed: str) -> None:
    for element in [*tree.iter(tag)]:
        if element.find(f".//{needed}") is None:
            element.getparent().remove(element)


def _ends_in_paragraph(block: Any) -> bool:
    """Return whether a cell ends with a paragraph, possibly in a content control."""
    if len(block) == 0:
        return False
    if block[-1].tag == f"{W}sdt":
        content = block[-1].find(f"{W}sdtContent")
        return content is not None and _ends_in_paragraph(content)
    return bool(block[-1].tag == f"{W}p")


def _check_no_text(element: Any) -> None:
    texts = [element.text, *(child.tail for child in element)]
    stray = next((text for text in texts if text and text.strip()), None)
    if stray:
        raise Refusal("structure", detail=stray.strip()[:80])


def _name_once(tree: Any) -> None:
    """Keep the bookmarks and ids of a loop's first repetition and remove them from the others."""
    _drop_repeated_bookmarks(tree)
    names: set[str] = set()
    for number in [*tree.iter(f"{W}id")]:
        if number.getparent().tag == f"{W}sdtPr":
            value = number.get(f"{W}val", "")
            number.getparent().remove(number) if value in names else names.add(value)
    used: set[str] = set()
    for element in tree.iter(f"{W}p", f"{W}tr"):
        value = element.get(_PARAGRAPH_ID)
        if value is not None:
            element.attrib.pop(_PARAGRAPH_ID) if value in used else used.add(value)


def _drop_repeated_bookmarks(tree: Any) -> None:
    names: set[str] = set()
    opened: set[str] = set()
    for mark in [*tree.iter(f"{W}bookmarkStart", f"{W}bookmarkEnd")]:
        number = mark.get(f"{W}id", "")
        if mark.tag == f"{W}bookmarkEnd":
            is_kept = number in opened
            opened.discard(number)
        else:
            is_kept = mark.get(f"{W}name") not in names
            names.add(mark.get(f"{W}name"))
            opened |= {number} if is_kept else set()
        if not is_kept:
            mark.getparent().remove(mark)
