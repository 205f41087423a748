"""How a file is laid out: what was understood of it, what somebody chose, and the table that follows."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from typing import Any

NUMBERS = ("integer", "decimal", "percent", "money")
LONGEST_CELL = 100_000
MOST_COLUMNS = 300
# Stands behind a number of a spreadsheet whose text alone had two readings: 12.345 is never twelve thousand there.
EXACT = "\u2060"
# Stands between the number of a spreadsheet and the amount that its format shows, with decimals and currency.
SHOWN = "\u2063"


def spelled(cell: str, kind: str) -> str:
    """Return a cell's text for a field of a kind; a spreadsheet's number gets a zero that leaves it one reading."""
    if SHOWN in cell:
        number, _mark, amount = cell.partition(SHOWN)
        cell = amount if kind == "money" else number
    return cell.replace(EXACT, "0" if kind in NUMBERS else "") if EXACT in cell else cell


@dataclass(frozen=True)
class Layout:
    """What is chosen for a file; what is empty is understood from the file itself.

    `header` is the line that names the columns, 0 where no line does, None where it is looked for.
    """

    encoding: str = ""
    delimiter: str = ""
    sheet: str = ""
    header: int | None = None

    @classmethod
    def of(cls, stored: dict[str, Any]) -> "Layout":
        """Return the layout that was stored as JSON."""
        return cls(**{key: value for key, value in stored.items() if key in cls.__dataclass_fields__})

    def as_json(self) -> dict[str, Any]:
        """Return what JSON holds."""
        return asdict(self)


@dataclass
class Line:
    """A row of a file with the line where it begins, and the reason why it can't be read, if it can't."""

    number: int
    cells: list[str]
    problem: str = ""


@dataclass
class Source:
    """The lines of a file before its head line is known, and what was understood of it."""

    lines: Iterator[Line]
    layout: Layout
    kind: str
    sheets: list[str] = field(default_factory=list)
    is_certain: bool = True
    is_damaged: bool = False


@dataclass
class Table:
    """The heads of a file and its rows, numbered as a person sees the lines.

    `problems` holds the reasons of lines that can't be read, `left_out` the lines of titles and footers that are no
    rows; both are complete once the rows were gone through.
    """

    heads: list[str]
    rows: Iterator[tuple[int, list[str]]]
    source: Source
    problems: dict[int, str] = field(default_factory=dict)
    left_out: list[int] = field(default_factory=list)
