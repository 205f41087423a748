"""Header detection: which line contains the column names, names of unnamed columns, and lines that aren't rows."""

import re
from collections.abc import Iterator
from itertools import chain, islice
from string import ascii_uppercase

from django.utils.translation import gettext as _

from kanal.features.importing.delimited import unclosed
from kanal.features.importing.layout import MOST_COLUMNS, Layout, Line, Source, Table
from kanal.kit.errors import Invalid
from kanal.kit.reading.choices import essence

_LOOKED_AT = 40
_LATEST_HEAD = 20
_FEW = 3
# Labels of totals below a table.
_WORDS = (
    "total|totals|grand total|sum|sub total|subtotal|totalt|sum total|summe|gesamt|gesamtsumme|celkem|suma|somme"
    "|totale|totaal|razem|yhteensa|i alt|total general"
)
TOTALS = frozenset(_WORDS.split("|"))
_NUMBER = re.compile(r"[^A-Za-z]{0,40}(?:[A-Z]{3}|kr|K[cč])?\.?[^A-Za-z]{0,40}")


def source_table(source: Source) -> Table:
    """Return the table below the chosen or detected header."""
    first = list(islice(source.lines, _LOOKED_AT))
    place = place_of_heads(first, source.layout.header)
    if place is None and source.layout.header is None:
        raise Invalid(_("The file has no header row."))
    named = first[place].cells if place is not None else []
    rows = chain(first[(place + 1) if place is not None else 0 :], source.lines)
    filled_columns = max((filled_width(line.cells) for line in first), default=1)
    width = max(filled_width(named), min(len(named), filled_columns) if named else filled_columns)
    if width > MOST_COLUMNS:
        raise Invalid(_("The file has too many columns: at most %(limit)s.") % {"limit": MOST_COLUMNS})
    number = first[place].number if place is not None else 0
    source.layout = Layout(**{**source.layout.as_json(), "header": number})
    table = Table(heads_of(named, width), iter(()), source)
    table.left_out = [line.number for line in first[: place or 0] if any(line.cells)]
    table.rows = rows_below(rows, table)
    return table


def place_of_heads(first: list[Line], chosen: int | None) -> int | None:
    """Return the index of the header: the first line that fills at least half as many columns as the fullest one."""
    if chosen is not None:
        head_place = next((place for place, line in enumerate(first) if line.number == chosen), None)
        if chosen and head_place is None:
            raise Invalid(_("Line %(line)s can't be the header row.") % {"line": chosen})
        return head_place
    fullest = max((filled(line) for line in first), default=0)
    for place, line in enumerate(first[:_LATEST_HEAD]):
        if filled(line) * 2 >= fullest and filled(line):
            return place
    return None


def filled(line: Line) -> int:
    """Return the number of cells in a line that aren't empty."""
    return sum(map(bool, line.cells))


def filled_width(cells: list[str]) -> int:
    """Return the number of columns up to the last filled cell."""
    return max((place for place, cell in enumerate(cells, 1) if cell), default=0)


def heads_of(cells: list[str], width: int) -> list[str]:
    """Return a name for each column: unnamed ones by letter, repeated ones with a number."""
    heads: list[str] = []
    for place in range(width):
        name = " ".join((cells[place] if place < len(cells) else "").split())[:200]
        name = name or _("Column %(letter)s") % {"letter": letter_of(place)}
        count = sum(head == name or head.startswith(f"{name} (") for head in heads)
        heads.append(f"{name} ({count + 1})" if name in heads else name)
    return heads


def letter_of(place: int) -> str:
    """Return a column's letters as in spreadsheets."""
    letters = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        letters = ascii_uppercase[rest] + letters
    return letters


def rows_below(lines: Iterator[Line] | chain, table: Table) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows below the header, padded to equal width. An isolated last line after a blank one is a footer."""
    width = len(table.heads)
    waiting: list[Line] = []
    is_after_blank = False
    for line in lines:
        if not any(line.cells):
            is_after_blank = True
            continue
        if width >= _FEW and is_footer(line, is_after_blank=is_after_blank or bool(waiting)):
            waiting.append(line)
            continue
        for waiting_line in (*waiting, line):
            yield pad_row(waiting_line, table)
        waiting, is_after_blank = [], False
    table.left_out += [line.number for line in waiting]


def is_footer(line: Line, *, is_after_blank: bool) -> bool:
    """Return whether a line can be a footer if no row follows: a single text after a blank line, or totals."""
    if filled(line) == 1:
        return bool(line.cells[0]) and is_after_blank
    first = next(cell for cell in line.cells if cell)
    rest = [cell for cell in line.cells if cell and cell != first]
    return essence(first) in TOTALS and all(_NUMBER.fullmatch(cell) for cell in rest)


def pad_row(line: Line, table: Table) -> tuple[int, list[str]]:
    """Return a row as wide as the header, and record why it can't be imported."""
    width, problem = len(table.heads), line.problem
    if problem.startswith("\n"):  # a row spanning several lines
        problem = unclosed(line.number) if len(line.cells) < width and len(line.cells) <= width // 2 else ""
    if not problem and filled_width(line.cells) > width:
        problem = _("The line has %(count)s cells, but there are %(width)s columns.") % {
            "count": filled_width(line.cells),
            "width": width,
        }
    if problem:
        table.problems[line.number] = problem
    return line.number, (line.cells + [""] * width)[:width]
