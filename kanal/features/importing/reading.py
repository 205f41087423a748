"""Reads a table out of a file from outside: guesses encoding and delimiter, refuses what is hostile or no table."""

import csv
import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from kanal.kit.errors import Invalid
from kanal.kit.text import csv_plain

LARGEST = 50 * 1024 * 1024
LARGEST_UNZIPPED = 400 * 1024 * 1024
MOST_COLUMNS = 300
LONGEST_CELL = 100_000
DELIMITERS = ",;\t|"
MOST_CELLS = 20_000_000
BROKEN = (zipfile.BadZipFile, zlib.error, ValueError, IndexError, EOFError, OSError, NotImplementedError)
PIECE = 1024 * 1024
LONGEST_TAG = 200
CELL = re.compile(rb"\br\s*=\s*[\"']([A-Za-z]{0,3})(\d{1,7})[\"']")
ENCODINGS = ("utf-8-sig", "cp1252")
MARKS = ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))


@dataclass
class Table:
    """The heads of a file and its rows, numbered as a person sees the lines."""

    heads: list[str]
    rows: Iterator[tuple[int, list[str]]]


def read(content: bytes, name: str) -> Table:
    """Read a CSV or XLSX file; raise Invalid with what is wrong with it."""
    if not content.strip():
        raise Invalid(_("The file is empty."))
    if len(content) > LARGEST:
        raise Invalid(_("The file is too large: at most %(limit)s MB.") % {"limit": LARGEST // 1024 // 1024})
    rows = sheet_rows(content) if content[:4] == b"PK\x03\x04" else csv_rows(content)
    heads = next(rows, None)
    if heads is None or not any(heads):
        raise Invalid(_("The first line must name the columns."))
    if len(heads) > MOST_COLUMNS:
        raise Invalid(_("The file has too many columns: at most %(limit)s.") % {"limit": MOST_COLUMNS})
    repeated = {head for head in heads if head and heads.count(head) > 1}
    if repeated:
        raise Invalid(_("The column “%(name)s” stands there twice.") % {"name": sorted(repeated)[0][:80]})
    return Table(heads, numbered(rows, len(heads)))


def numbered(rows: Iterator[list[str]], width: int) -> Iterator[tuple[int, list[str]]]:
    """Number the rows as lines of the file, leave out empty ones, make all as wide as the heads."""
    for line, row in enumerate(rows, 2):
        if any(row):
            yield line, (row + [""] * width)[:width]


def text_of(content: bytes) -> str:
    """Decode a text file; refuse what is no text."""
    for mark, encoding in MARKS:
        if content.startswith(mark):
            try:
                return content.decode(encoding)
            except UnicodeDecodeError:
                raise Invalid(_("The file can't be read as text.")) from None
    if b"\x00" in content:
        raise Invalid(_("This is no CSV or XLSX file."))
    for encoding in ENCODINGS:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Invalid(_("The file can't be read as text."))


def delimiter_of(text: str) -> str:
    """Guess the delimiter by the first lines: the sign that stands equally often in each, outside of quotes."""
    sample = text[:20_000].splitlines()[:20]
    best, found = 0, ","
    for sign in DELIMITERS:
        try:
            widths = [len(row) for row in csv.reader(sample, delimiter=sign) if row]
        except csv.Error:
            continue
        if widths and widths[0] > 1:
            worth = sum(width == widths[0] for width in widths) * 100 // len(widths) + min(widths[0], 50)
            best, found = (worth, sign) if worth > best else (best, found)
    return found


def csv_rows(content: bytes) -> Iterator[list[str]]:
    """Read the lines of a CSV file."""
    text = text_of(content)
    if any(ord(letter) < 9 for letter in text[:10_000]):
        raise Invalid(_("This is no CSV or XLSX file."))
    csv.field_size_limit(LONGEST_CELL)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter_of(text))
    while True:
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error:
            raise Invalid(
                _("Line %(line)s can't be read: a cell is too long or a quote is not closed.")
                % {"line": reader.line_num}
            ) from None
        yield [csv_plain(cell.strip()) for cell in row[: MOST_COLUMNS + 1]]


def sheet_rows(content: bytes) -> Iterator[list[str]]:
    """Read the first sheet of an XLSX file."""
    from python_calamine import CalamineError, CalamineWorkbook

    broken = (*BROKEN, CalamineError)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            examine(parts)
        sheet = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0)
        rows = sheet.iter_rows()
    except broken:
        raise Invalid(_("This is no CSV or XLSX file.")) from None
    for row in rows:
        yield [as_text(cell) for cell in row[: MOST_COLUMNS + 1]]


def examine(parts: zipfile.ZipFile) -> None:
    """Refuse a workbook that is larger than it says, of another kind, or whose few cells span a giant sheet."""
    if sum(part.file_size for part in parts.infolist()) > LARGEST_UNZIPPED:
        raise Invalid(_("The file is too large when it is unpacked."))
    names = set(parts.namelist())
    if "xl/workbook.xml" not in names or names & {"content.xml", "xl/workbook.bin"}:
        raise Invalid(_("This is no CSV or XLSX file."))
    for name in names:
        columns, last = 0, 0
        with parts.open(name) as part:
            rest = b""
            while piece := part.read(PIECE):
                if piece.startswith((b"\xff\xfe", b"\xfe\xff")):
                    raise Invalid(_("This is no CSV or XLSX file."))
                text = rest + piece if name.startswith("xl/worksheets/") else b""
                for letters, number in CELL.findall(text):
                    columns, last = max(columns, column_number(letters)), max(last, int(number))
                rest = text[-LONGEST_TAG:]
        if columns * last > MOST_CELLS:
            raise Invalid(_("The sheet is too large: its cells lie too far apart."))


def column_number(letters: bytes) -> int:
    """Give the number of a column by its letters."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number


def as_text(cell: Any) -> str:
    """Write a cell of a sheet as the text that an import reads."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return (
        cell.isoformat(sep=" ") if hasattr(cell, "hour") and hasattr(cell, "year") else str(cell)[:LONGEST_CELL].strip()
    )
