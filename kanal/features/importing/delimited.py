"""Delimited text such as CSV: unreadable lines are reported, and reading continues with the next."""

import csv
import re
from collections.abc import Iterator
from itertools import islice

from django.utils.translation import gettext as _

from kanal.features.importing.layout import LONGEST_CELL, MOST_COLUMNS, Layout, Line, Source
from kanal.kit.errors import Invalid
from kanal.kit.reading.encodings import Decoded, decode
from kanal.kit.text import csv_plain

DELIMITERS = (",", ";", "\t", "|")
_SAMPLED = 60
_MOST_LINES_OF_A_ROW = 1000
_LONGEST_FIELD = 20_000_000
_STATED = re.compile(r"sep=(.)\r?\n?", re.IGNORECASE)


def source_of(content: bytes, layout: Layout) -> Source:
    """Return the lines of a text file. Raise Invalid if it isn't text."""
    text = decoded(content, layout.encoding)
    if any(ord(letter) < 9 for letter in text.text[:10_000]):
        raise Invalid(_("This is not a CSV or XLSX file."))
    lines = re.findall(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+\Z", text.text)
    stated = _STATED.fullmatch(lines[0]) if lines else None
    if stated:
        lines[0] = "\n"  # Excel's way to declare the delimiter
    delimiter = layout.delimiter or (stated[1] if stated else delimiter_of(lines))
    known = Layout(encoding=text.encoding, delimiter=delimiter, header=layout.header)
    return Source(parse_rows(lines, delimiter), known, "csv", [], text.is_certain, text.is_damaged)


def decoded(content: bytes, encoding: str) -> Decoded:
    """Return the text of a file in the chosen or detected encoding."""
    text = decode(content, encoding or None)
    if "\x00" in text.text[:10_000]:
        raise Invalid(_("This is not a CSV or XLSX file."))
    return text


def delimiter_of(lines: list[str]) -> str:
    """Return the character that occurs equally often in the most lines, outside of quotes."""
    sample = [line for line in lines if line.strip()][:_SAMPLED]
    best, delimiter = 0.0, ","
    for sign in DELIMITERS:
        try:
            widths = [len(row) for row in csv.reader(sample, delimiter=sign) if row]
        except csv.Error:
            continue
        usual = max((width for width in widths if width > 1), key=widths.count, default=0)
        worth = widths.count(usual) * 100 / len(widths) + min(usual, 50) if usual else 0
        if worth > best:
            best, delimiter = worth, sign
    return delimiter


def parse_rows(lines: list[str], delimiter: str) -> Iterator[Line]:
    """Yield the rows. After a row with unmatched quotes, parsing resumes at the next line."""
    csv.field_size_limit(_LONGEST_FIELD)
    start = 0
    while start < len(lines):
        reader = csv.reader(islice(lines, start, None), delimiter=delimiter, strict=True)
        begun = start
        try:
            for row in reader:
                end = start + reader.line_num
                if end - begun > _MOST_LINES_OF_A_ROW:
                    raise csv.Error
                yield checked(row, begun + 1, end - begun)
                begun = end
            return
        except csv.Error:
            yield Line(begun + 1, cells_of(lines[begun], delimiter), unclosed(begun + 1))
            start = begun + 1


def checked(row: list[str], number: int, height: int) -> Line:
    """Return a row with trimmed cells, or an error if a cell is too long."""
    cells = [csv_plain(cell.strip()) for cell in row[: MOST_COLUMNS + 1]]
    if any(len(cell) > LONGEST_CELL for cell in cells):
        return Line(number, [cell[:1000] for cell in cells], too_long())
    return Line(number, cells, "" if height == 1 else f"\n{height}")


def too_long() -> str:
    """Return the error for a cell that is too long."""
    return _("A cell has more than %(limit)s characters.") % {"limit": f"{LONGEST_CELL:,}"}


def unclosed(number: int) -> str:
    """Return the error for an unmatched quote."""
    return _("The quotation mark opened on line %(line)s is never closed.") % {"line": number}


def cells_of(line: str, delimiter: str) -> list[str]:
    """Return the cells of a line with unmatched quotes, for the report."""
    return [cell.strip().strip('"')[:1000] for cell in line.strip().split(delimiter)[:MOST_COLUMNS]]
