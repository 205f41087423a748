"""Vertically merged cells in rows that a loop repeats."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from kanal.kit.documents.contents import W

_FIRST_ONLY = "{% if loop.first %}restart{% else %}continue{% endif %}"


def keep_merged(first: tuple[Any, bool], last: tuple[Any, bool]) -> None:
    """Start a cell merged from loop rows into the row below only once, not in each repetition.

    Each end is a row, and whether it is repeated itself (a row that only contains the statement isn't).
    """
    rows = _between(first, last)
    below = last[0].getnext()
    if not rows or below is None or below.tag != f"{W}tr":
        return
    continued = {place for place, cell in _cells(below) if _merge(cell) == "continue"}
    for place in continued:
        _begin_once(rows, place)


def _between(first: tuple[Any, bool], last: tuple[Any, bool]) -> list[Any]:
    siblings = [row for row in first[0].getparent() if row.tag == f"{W}tr"]
    start, end = siblings.index(first[0]), siblings.index(last[0])
    return siblings[start + (not first[1]) : end + last[1]]


def _begin_once(rows: list[Any], place: int) -> None:
    for row in rows[::-1]:
        cell = dict(_cells(row)).get(place)
        kind = "" if cell is None else _merge(cell)
        if cell is not None and kind == "restart":
            cell.find(f"{W}tcPr/{W}vMerge").set(f"{W}val", _FIRST_ONLY)
        if kind != "continue":
            return


def _cells(row: Any) -> Iterator[tuple[int, Any]]:
    """Yield the cells of a row, each with the grid column where it starts."""
    place = _number(row.find(f"{W}trPr/{W}gridBefore"), 0)
    for cell in row.iter(f"{W}tc"):
        if next(cell.iterancestors(f"{W}tr")) is row:
            yield place, cell
            place += _number(cell.find(f"{W}tcPr/{W}gridSpan"), 1)


def _number(element: Any, otherwise: int) -> int:
    value = "" if element is None else element.get(f"{W}val", "")
    return int(value) if value.isdecimal() else otherwise


def _merge(cell: Any) -> str:
    mark = cell.find(f"{W}tcPr/{W}vMerge")
    return "" if mark is None else mark.get(f"{W}val", "continue")
