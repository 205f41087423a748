"""Sheets of XLSX workbooks: cells as displayed if their raw number means something else."""

import datetime as dt
import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from defusedxml.ElementTree import fromstring
from django.utils.translation import gettext as _

from kanal.features.importing.delimited import too_long
from kanal.features.importing.layout import EXACT, LONGEST_CELL, MOST_COLUMNS, SHOWN, Layout, Line, Source
from kanal.kit.errors import Invalid
from kanal.kit.reading.money import is_currency
from kanal.kit.reading.numbers import plain_decimal

LARGEST_UNZIPPED = 400 * 1024 * 1024
LARGEST_PART = 20 * 1024 * 1024
MOST_CELLS = 20_000_000
BROKEN = (zipfile.BadZipFile, zlib.error, ValueError, IndexError, EOFError, OSError, NotImplementedError, KeyError)
PIECE = 1024 * 1024
LONGEST_TAG = 400
CELL = re.compile(rb"\br\s*=\s*[\"']([A-Za-z]{0,3})(\d{1,7})[\"']")
FORMULA = rb"(?:<(?:\w+:)?f[^>]{0,20}>[^<]{0,200}</(?:\w+:)?f>)?"
TAG = re.compile(rb"<(?:\w+:)?c\s([^>]{0,200})>" + FORMULA + rb"(?:<(?:\w+:)?v>(#[^<]{1,12})<)?")
STYLE = re.compile(rb"\bs\s*=\s*[\"'](\d{1,6})[\"']")
MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
RELATED = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
# Formats that Excel identifies by number.
LIKE_THOUSANDS = re.compile(r"-?[1-9]\d{0,2}\.\d{3}")
PERCENT_IDS = {9: "0%", 10: "0.00%"}
Special = dict[tuple[int, int], str]


def source_of(content: bytes, layout: Layout) -> Source:
    """Return the lines of a sheet. Raise Invalid if the file isn't a workbook."""
    from python_calamine import CalamineError, CalamineWorkbook

    broken = (*BROKEN, CalamineError)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            examine(parts)
            book = CalamineWorkbook.from_filelike(io.BytesIO(content))
            sheets = [
                sheet.name for sheet in book.sheets_metadata if str(sheet.visible).endswith(".Visible")
            ] or book.sheet_names
            name = layout.sheet if layout.sheet in sheets else first_filled(book, sheets)
            special = special_cells(parts, name)
        rows = book.get_sheet_by_name(name).iter_rows()
        first = (book.get_sheet_by_name(name).start or (0, 0))[1]
    except broken:
        raise Invalid(_("This is not a CSV or XLSX file.")) from None
    known = Layout(sheet=name, header=layout.header)
    return Source(lines_of(rows, first, special), known, "xlsx", list(sheets))


def first_filled(book: Any, sheets: list[str]) -> str:
    """Return the first sheet that isn't empty."""
    return next((name for name in sheets if book.get_sheet_by_name(name).height > 0), sheets[0])


def lines_of(rows: Any, first: int, special: Special) -> Iterator[Line]:
    """Yield the rows of a sheet by row number. `first` is the sheet's first column, where its rows start."""
    for number, row in enumerate(rows, 1):
        places = range(first, first + min(len(row), MOST_COLUMNS + 1))
        formats = [special.get((number, place), "") for place in places] if special else [""] * len(row)
        cells = [as_text(cell, format_of) for cell, format_of in zip(row, formats, strict=False)]
        faults = sorted({cell_format for cell_format in formats if cell_format[:1] == "#"})
        problem = ""
        if faults:
            problem = _("A cell contains the error %(error)s.") % {"error": ", ".join(faults)}
        elif any(len(cell) > LONGEST_CELL for cell in cells):
            problem, cells = too_long(), [cell[:1000] for cell in cells]
        yield Line(number, cells, problem)


def examine(parts: zipfile.ZipFile) -> None:
    """Refuse a workbook that understates its size, is of another type, or has few cells spanning a huge sheet."""
    if sum(part.file_size for part in parts.infolist()) > LARGEST_UNZIPPED:
        raise Invalid(_("The file is too large when it is unpacked."))
    names = set(parts.namelist())
    if "xl/workbook.xml" not in names or names & {"content.xml", "xl/workbook.bin"}:
        raise Invalid(_("This is not a CSV or XLSX file."))
    for name in names:
        columns, last = 0, 0
        with parts.open(name) as part:
            rest = b""
            while piece := part.read(PIECE):
                if piece.startswith((b"\xff\xfe", b"\xfe\xff")):
                    raise Invalid(_("This is not a CSV or XLSX file."))
                text = rest + piece if name.startswith("xl/worksheets/") else b""
                for letters, number in CELL.findall(text):
                    columns, last = max(columns, column_number(letters)), max(last, int(number))
                rest = text[-LONGEST_TAG:]
        if columns * last > MOST_CELLS:
            raise Invalid(_("The sheet is too large: its cells are too far apart."))


def column_number(letters: bytes) -> int:
    """Return a column's number from its letters."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number


def special_cells(parts: zipfile.ZipFile, sheet: str) -> Special:
    """Return the cells displayed differently from their number: (row, column) -> format.

    These are percentages ("%"), numbers with leading zeros ("0000"), and errors ("#N/A").
    """
    styles = special_styles(parts)
    formats: Special = {}
    rest = b""
    with parts.open(part_of(parts, sheet)) as part:
        while piece := part.read(PIECE):
            text = rest + piece
            for attributes, fault in TAG.findall(text):
                place, style = CELL.search(attributes), STYLE.search(attributes)
                format_of = fault.decode() if fault else styles.get(int(style[1]) if style else -1, "")
                if place and format_of and (fault or b'"s"' not in attributes):
                    formats[int(place[2]), column_number(place[1]) - 1] = format_of
            rest = text[-LONGEST_TAG:]
    return formats


def part_of(parts: zipfile.ZipFile, sheet: str) -> str:
    """Return the package part that contains a sheet."""
    book, links = part(parts, "xl/workbook.xml"), part(parts, "xl/_rels/workbook.xml.rels")
    ids = {sheet.get("name"): sheet.get(RELATED) for sheet in book.iter(f"{MAIN}sheet")}
    targets = {link.get("Id"): link.get("Target") or "" for link in links}
    target = targets[ids[sheet]]
    return target.lstrip("/") if target.startswith("/") else f"xl/{target}"


def part(parts: zipfile.ZipFile, name: str) -> Any:
    """Parse a small package part as XML."""
    if parts.getinfo(name).file_size > LARGEST_PART:
        raise Invalid(_("The file is too large when it is unpacked."))
    return fromstring(parts.read(name), forbid_dtd=True)


def special_styles(parts: zipfile.ZipFile) -> dict[int, str]:
    """Return the styles of percentages and of numbers with leading zeros."""
    if "xl/styles.xml" not in parts.namelist():
        return {}
    styles = part(parts, "xl/styles.xml")
    codes = {
        int(number_format.get("numFmtId")): number_format.get("formatCode") or ""
        for number_format in styles.iter(f"{MAIN}numFmt")
    }
    codes = PERCENT_IDS | codes
    signs: dict[int, str] = {}
    for place, cell_style in enumerate(styles.find(f"{MAIN}cellXfs") or ()):
        written = codes.get(int(cell_style.get("numFmtId") or 0), "")
        code = re.sub(r'"[^"]*"|\\.|\[[^\]]*\]', "", written)
        if "%" in code:
            signs[place] = "%"
        elif re.fullmatch(r"0{2,20}", code):
            signs[place] = code
        elif currency := currency_in(written):
            decimals = re.search(r"\.(0+)", code)
            signs[place] = f"{SHOWN}{len(decimals[1]) if decimals else 0} {currency}"
    return signs


def currency_in(code: str) -> str:
    """Return the currency in a number format: "[$€-407]", '"kr"', "$"; "" if there is none."""
    code = re.sub(r"\[\$-[^\]]*\]", "", code)  # a language code only
    stated = re.search(r"\[\$([^\]-]{1,5})(?:-[0-9A-Fa-f]+)?\]", code)
    for mark in [stated[1].strip()] if stated else re.findall(r'"\s*([^"\d]{1,5}?)\s*"|([€£¥₹$])', code):
        text = mark if isinstance(mark, str) else mark[0] or mark[1]
        if is_currency(text):
            return text
    return ""


def as_text(cell: Any, format_of: str = "") -> str:
    """Return a cell as text for the import: the number that the spreadsheet displays."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, int | float):
        return number_text(cell, format_of)
    if isinstance(cell, dt.timedelta):
        return span_text(cell)
    if hasattr(cell, "hour") and hasattr(cell, "year"):
        return str(cell.isoformat(sep=" "))
    return str(cell).strip()


def number_text(cell: float, format_of: str) -> str:
    """Return a number with a spreadsheet's 15 digits, and its percent sign or leading zeros."""
    value = Decimal(format(cell, ".15g"))
    if format_of == "%":
        return f"{exact(value * 100)} %"
    if format_of.startswith(SHOWN):
        decimals, currency = format_of.removeprefix(SHOWN).split(" ", 1)
        shown = value.quantize(Decimal(1).scaleb(-int(decimals)), ROUND_HALF_UP)
        return f"{exact(value)}{SHOWN}{exact(shown)} {currency}"
    if format_of.startswith("0") and value == value.to_integral_value():
        return plain_decimal(value).zfill(len(format_of))
    return exact(value)


def exact(value: Decimal) -> str:
    """Return a number, marked if its decimal point could be taken for a thousands separator."""
    text = plain_decimal(value)
    return f"{text}{EXACT}" if LIKE_THOUSANDS.fullmatch(text) else text


def span_text(span: dt.timedelta) -> str:
    """Return a duration in hours and minutes, as spreadsheets display it: 36:00."""
    seconds = round(span.total_seconds())
    hours, rest = divmod(abs(seconds), 3600)
    text = f"{hours}:{rest // 60:02}" + (f":{rest % 60:02}" if rest % 60 else "")
    return f"-{text}" if seconds < 0 else text
