"""The layout of a file: detected properties, the user's choices, and the resulting table."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from typing import Any

NUMBERS = ("integer", "decimal", "percent", "money")
LONGEST_CELL = 100_000
MOST_COLUMNS = 300
# Follows a spreadsheet number whose text has two readings: 12.345 is never twelve thousand there.
EXACT = "\u2060"
# Separates a spreadsheet's number from its formatted amount with decimals and currency.
SHOWN = "\u2063"


def spelled(cell: str, kind: str) -> str:
    """Return a cell's text for a kind of field. A spreadsheet number gets a zero that makes it unambiguous."""
    if SHOWN in cell:
        number, _mark, amount = cell.partition(SHOWN)
        cell = amount if kind == "money" else number
    return cell.replace(EXACT, "0" if kind in NUMBERS else "") if EXACT in cell else cell


@dataclass(frozen=True)
class Layout:
    """The user's choices for a file. Empty ones are detected.

    `header` is the line with the column names, 0 if there is none, None to detect it.
    """

    encoding: str = ""
    delimiter: str = ""
    sheet: str = ""
    header: int | None = None

    @classmethod
    def of(cls, stored: dict[str, Any]) -> "Layout":
        """Return the layout from stored JSON."""
        return cls(**{key: value for key, value in stored.items() if key in cls.__dataclass_fields__})

    def as_json(self) -> dict[str, Any]:
        """Return the layout as JSON values."""
        return asdict(self)


@dataclass
class Line:
    """A row of a file with the line number where it starts, and an error if it can't be read."""

    number: int
    cells: list[str]
    problem: str = ""


@dataclass
class Source:
    """The lines of a file before the header is known, and its detected layout."""

    lines: Iterator[Line]
    layout: Layout
    kind: str
    sheets: list[str] = field(default_factory=list)
    is_certain: bool = True
    is_damaged: bool = False


@dataclass
class Table:
    """The header and rows of a file, with line numbers as people count them.

    `problems` contains the errors of unreadable lines, `left_out` the lines of titles and footers. Both are complete
    once all rows were iterated.
    """

    heads: list[str]
    rows: Iterator[tuple[int, list[str]]]
    source: Source
    problems: dict[int, str] = field(default_factory=dict)
    left_out: list[int] = field(default_factory=list)
