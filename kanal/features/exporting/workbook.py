"""XLSX of a list in constant memory: real dates and numbers, and texts that no spreadsheet runs (LIST-7)."""

import tempfile
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import IO, Any

import xlsxwriter
from django.utils import timezone

from kanal.core.fields.times import is_day
from kanal.core.listing import Column, Page
from kanal.features.exporting.cells import cell, choice_labels, column_heads
from kanal.features.exporting.rows import ExportRows
from kanal.kit.reading.numbers import plain_decimal

MAX_ROWS = 1_048_576 - 1  # the first row is the header
CHUNK_BYTES = 1 << 16
EXACT_DIGITS = 15  # a spreadsheet rounds a number with more digits
FIRST_YEAR = 1900
WIDTHS = {"number": 12, "money": 14, "date": 12, "datetime": 17, "boolean": 8, "choice": 18}
TEXT_WIDTH = 28
# Excel shows these two built-in formats in the order of days and months that its reader is used to.
FORMATS = {
    "date": {"num_format": 14},
    "datetime": {"num_format": 22},
    "money": {"num_format": "#,##0.00"},
    "number": {"num_format": "#,##0.##########"},
}
WHOLE = {"num_format": "0"}
WriteCell = Callable[[int, Any, Page], None]


def workbook(rows: ExportRows) -> Iterator[bytes]:
    """Yield a list as a workbook with one sheet, in chunks once it's complete.

    Pages are written to a temporary file as they are read, so that the memory used doesn't grow with the list.
    """
    with tempfile.TemporaryFile() as file:
        write_workbook(rows, file)
        file.seek(0)
        while chunk := file.read(CHUNK_BYTES):
            yield chunk


def write_workbook(rows: ExportRows, file: IO[bytes]) -> None:
    """Write a list as a workbook to a binary file."""
    book = xlsxwriter.Workbook(file, {"constant_memory": True, "strings_to_formulas": False})
    sheet = book.add_worksheet()
    begin_sheet(book, sheet, rows)
    labels, writers, place = choice_labels(rows.columns), [], 0
    for column in rows.columns:
        writers.append((column.key, writer_of_cell(book, sheet, column, place, labels.get(column.key, {}))))
        place += width_in_cells(column)
    number = 0
    for page in rows.pages():
        for row in page.rows:
            number += 1
            for key, write in writers:
                value = row.values[key]
                if value is not None and value != "":
                    write(number, value, page)
    if number and place:
        sheet.autofilter(0, 0, number, place - 1)
    book.close()


def begin_sheet(book: Any, sheet: Any, rows: ExportRows) -> None:
    """Set the widths of the columns, and write the header, which stays in view."""
    sheet.freeze_panes(1, 0)
    place = 0
    for column in rows.columns:
        last = place + width_in_cells(column) - 1
        sheet.set_column(place, last, WIDTHS.get(column.category, TEXT_WIDTH))
        place = last + 1
    bold = book.add_format({"bold": True, "bottom": 1})
    for place, label in enumerate(column_heads(rows.columns)):
        sheet.write_string(0, place, label, bold)


def width_in_cells(column: Column) -> int:
    """Return the number of cells of a column: money takes two, its amount and its currency."""
    return 2 if column.category == "money" else 1


def writer_of_cell(book: Any, sheet: Any, column: Column, place: int, labels: dict[str, str]) -> WriteCell:
    """Return the function that writes the values of a column, which are not empty, into a row."""
    category, field = column.category, column.field
    style = book.add_format(WHOLE if column.key == "id" or field.type.key == "integer" else FORMATS.get(category, {}))

    def number(row: int, value: Any, page: Page) -> None:
        write_number(sheet, row, place, value, style)

    def money(row: int, value: Any, page: Page) -> None:
        write_number(sheet, row, place, value.amount, style)
        sheet.write_string(row, place + 1, value.currency)

    def moment(row: int, value: Any, page: Page) -> None:
        local = value if is_day(value) else timezone.localtime(value).replace(tzinfo=None)
        if local.year < FIRST_YEAR:
            sheet.write_string(row, place, local.isoformat())
        else:
            sheet.write_datetime(row, place, local, day_style if is_day(value) else style)

    def text(row: int, value: Any, page: Page) -> None:
        sheet.write_string(row, place, literal_text(cell(field, value, page, labels)))

    day_style = book.add_format(FORMATS["date"]) if category == "datetime" else style
    return {"number": number, "money": money, "date": moment, "datetime": moment}.get(category, text)


def write_number(sheet: Any, row: int, place: int, value: Decimal | int, style: Any) -> None:
    """Write a number, as text if a spreadsheet would round it."""
    digits = plain_decimal(Decimal(value))
    if len(digits.strip("-0.").replace(".", "")) > EXACT_DIGITS:
        sheet.write_string(row, place, digits)
    else:
        sheet.write_number(row, place, float(value), style)


def literal_text(text: str) -> str:
    """Return a text that XlsxWriter doesn't take for its own markup of rich text, which it writes unescaped."""
    return f"{text} " if text.startswith("<r>") and text.endswith("</r>") else text
