"""PDF of a list as a table to read and print, made by LibreOffice where it is installed (LIST-7)."""

import io
from collections.abc import Callable, Iterator
from typing import Any

import xlsxwriter
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from kanal.core.context import today
from kanal.core.fields.times import is_day
from kanal.core.listing import Column, Page
from kanal.features.exporting.cells import choice_labels
from kanal.features.exporting.rows import ExportRows
from kanal.features.exporting.workbook import literal_text
from kanal.kit.documents import makes_pdf, to_pdf
from kanal.kit.errors import Refused
from kanal.kit.numbers import format_money, format_number
from kanal.kit.writing import written_day, written_moment

MAX_ROWS = 5_000
SECONDS = 120.0
A4 = 9
MARGIN = 0.4
WIDTHS = {"number": 10, "money": 16, "date": 13, "datetime": 18, "boolean": 7, "choice": 16, "relation": 24}
TEXT_WIDTH = 26
LONGEST_TEXT = 300
SEPARATOR = ", "
Write = Callable[[Any, Page], str]


def pdf(rows: ExportRows) -> Iterator[bytes]:
    """Yield a list as a PDF. Raise Refused if LibreOffice isn't installed or can't make it."""
    require_libreoffice()
    made = to_pdf(printable_workbook(rows), SECONDS, "xlsx")
    if made is None:
        raise Refused(_("LibreOffice could not make the PDF. Try again, or export to XLSX or CSV instead."))
    yield made


def require_libreoffice() -> None:
    """Raise Refused if LibreOffice isn't installed."""
    if not makes_pdf():
        raise Refused(_("PDFs need LibreOffice, which isn't installed on the server. Export to XLSX or CSV instead."))


def printable_workbook(rows: ExportRows) -> bytes:
    """Return a list as a workbook of texts in the reader's language, laid out for print."""
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file, {"constant_memory": True, "strings_to_formulas": False})
    book.set_properties({"title": rows.query.entity.plural})
    sheet = book.add_worksheet()
    set_page(sheet, rows)
    head = {"bold": True, "bottom": 1, "text_wrap": True, "valign": "bottom", "font_color": "#475569"}
    body = {"text_wrap": True, "valign": "top", "bottom": 4, "bottom_color": "#CBD5E1"}
    columns, labels = rows.columns, choice_labels(rows.columns)
    writers = [(column.key, writer_of_text(column, labels.get(column.key, {}))) for column in columns]
    sides = [{"align": "right" if column.is_numeric else "left"} for column in columns]
    for place, column in enumerate(columns):
        sheet.set_column(place, place, WIDTHS.get(column.category, TEXT_WIDTH))
        sheet.write_string(0, place, str(column.label), book.add_format({**head, **sides[place]}))
    styles, number = [book.add_format({**body, **side}) for side in sides], 0
    for page in rows.pages():
        for row in page.rows:
            number += 1
            for place, (key, write) in enumerate(writers):
                value = row.values[key]
                text = "" if value is None or value == "" else write(value, page)
                sheet.write_string(number, place, literal_text(shortened(text)), styles[place])
    book.close()
    return file.getvalue()


def set_page(sheet: Any, rows: ExportRows) -> None:
    """Set paper, heading and page numbers. The header row is repeated on each page."""
    sheet.set_landscape()
    sheet.set_paper(A4)
    sheet.set_margins(left=MARGIN, right=MARGIN, top=0.75, bottom=0.6)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    title, day = rows.query.entity.plural.replace("&", "&&"), written_day(today(), get_language() or "en")
    sheet.set_header(f"&L&B{title}&R{day}")
    sheet.set_footer("&R&P / &N")


def shortened(text: str) -> str:
    """Return a text as long as fits a cell of a table: a row isn't higher than a page."""
    return text if len(text) <= LONGEST_TEXT else f"{text[: LONGEST_TEXT - 1]}…"


def writer_of_text(column: Column, labels: dict[str, str]) -> Write:
    """Return the function that formats a column's values, which are not empty, to be read by people."""
    language, target = get_language() or "en", column.field.target
    writers: dict[str, Write] = {
        "money": lambda value, page: format_money(value.amount, value.currency, language),
        "number": lambda value, page: format_number(value, language),
        "date": lambda value, page: written_day(value, language),
        "datetime": lambda value, page: moment_words(value, language),
        "boolean": lambda value, page: _("Yes") if value else _("No"),
        "choice": lambda value, page: labels.get(value, str(value)),
        "choices": lambda value, page: SEPARATOR.join(labels.get(choice, choice) for choice in value),
        "relation": lambda value, page: page.name_of(target, value) or "",
        "relations": lambda value, page: SEPARATOR.join(filter(None, (page.name_of(target, pk) for pk in value))),
    }
    if column.key == "id":
        return lambda value, page: str(value)
    return writers.get(column.category, lambda value, page: str(column.field.dump(value)))


def moment_words(value: Any, language: str) -> str:
    """Return a moment in the reader's time zone, or a whole day."""
    return written_day(value, language) if is_day(value) else written_moment(timezone.localtime(value), language)
