"""Tracked changes and comments of a Word part: documents are rendered as if all changes were accepted."""

from __future__ import annotations

from typing import Any

from kanal.kit.documents.contents import W, local_name

_INSERTED = {f"{W}{name}" for name in ("ins", "moveTo")}
_DELETED = {f"{W}{name}" for name in ("del", "moveFrom")}
_CELL_MARKS = {f"{W}{name}" for name in ("cellIns", "cellMerge")}
_RANGES = {
    f"{W}{name}{end}"
    for name in ("moveFromRange", "moveToRange", "customXmlInsRange", "customXmlDelRange", "customXmlMoveFromRange")
    for end in ("Start", "End")
}
_COMMENT_MARKS = {f"{W}{name}" for name in ("commentRangeStart", "commentRangeEnd", "commentReference")}
_PROPERTIES = (f"{W}rPr", f"{W}trPr", f"{W}pPr")


def accept_revisions(tree: Any) -> int:
    """Accept every tracked change of a part in place and return their number."""
    count = 0
    for row in [*tree.iter(f"{W}tr")]:
        count += _accept_row(row)
    for paragraph in [*tree.iter(f"{W}p")]:
        count += _accept_paragraph_mark(paragraph)
    for element in [*tree.iter(f"{W}*")]:
        count += _accept(element)
    return count


def drop_comment_marks(tree: Any) -> None:
    """Remove references to comments, and runs that contain nothing else."""
    for element in [*tree.iter(*_COMMENT_MARKS)]:
        parent = element.getparent()
        _drop(element)
        if parent.tag == f"{W}r" and all(child.tag == f"{W}rPr" for child in parent):
            _drop(parent)


def _accept(element: Any) -> int:
    if element.getparent() is None:
        return 0
    is_mark = element.getparent().tag in _PROPERTIES
    if element.tag in _DELETED:
        _drop(element)
        return 1
    if element.tag in _INSERTED:
        _drop(element) if is_mark else _unwrap(element)
        return 1
    if element.tag in _CELL_MARKS or local_name(element.tag).endswith("PrChange"):
        _drop(element)
        return 1
    if element.tag in _RANGES or local_name(element.tag) == "numberingChange":
        _drop(element)
    return 0


def _accept_row(row: Any) -> int:
    """Remove a deleted row, or the deleted cells of a remaining one."""
    if row.find(f"{W}trPr/{W}del") is not None:
        _drop(row)
        return 1
    deleted = [cell for cell in row.findall(f"{W}tc") if cell.find(f"{W}tcPr/{W}cellDel") is not None]
    for cell in deleted:
        _drop(cell)
    return len(deleted)


def _accept_paragraph_mark(paragraph: Any) -> int:
    """Merge a paragraph with a deleted end into the next one and keep that one's properties, as Word does."""
    mark = paragraph.find(f"{W}pPr/{W}rPr")
    deleted = [] if mark is None else [child for child in mark if child.tag in _DELETED]
    if not deleted:
        return 0
    following = paragraph.getnext()
    while following is not None and following.tag != f"{W}p":
        if following.tag in (f"{W}tbl", f"{W}sectPr", f"{W}sdt"):
            following = None
            break
        following = following.getnext()
    if following is None:
        for child in deleted:
            _drop(child)
        return 1
    own = following.find(f"{W}pPr")
    place = 0 if own is None else following.index(own) + 1
    for child in [*paragraph][::-1]:
        if child.tag != f"{W}pPr":
            following.insert(place, child)
    _drop(paragraph)
    return 1


def _unwrap(element: Any) -> None:
    parent = element.getparent()
    place = parent.index(element)
    for child in [*element][::-1]:
        parent.insert(place, child)
    _drop(element)


def _drop(element: Any) -> None:
    parent = element.getparent()
    if parent is not None:
        parent.remove(element)
