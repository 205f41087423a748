"""PDF of a list as a table to read and print, made by LibreOffice where it is installed (LIST-7)."""

from collections.abc import Callable, Iterator
from typing import Any

from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from kanal.core.context import today
from kanal.core.fields.times import is_day
from kanal.core.listing import Column, Page
from kanal.features.exporting.cells import choice_labels
from kanal.features.exporting.printable import PrintedColumn, printable_text
from kanal.features.exporting.rows import ExportRows
from kanal.kit.documents import makes_pdf, to_pdf
from kanal.kit.errors import Refused
from kanal.kit.numbers import format_number, money_brief
from kanal.kit.writing import written_day, written_moment

MAX_ROWS = 5_000
SECONDS = 240.0
WIDTHS = {"number": 10, "money": 18, "date": 13, "datetime": 18, "boolean": 7, "choice": 16, "relation": 24}
TEXT_WIDTH = 26
LONGEST_TEXT = 300
SEPARATOR = ", "
Write = Callable[[Any, Page], str]


def pdf(rows: ExportRows) -> Iterator[bytes]:
    """Yield a list as a PDF. Raise Refused if LibreOffice isn't installed or can't make it."""
    require_libreoffice()
    made = to_pdf(printable_list(rows), SECONDS, "fodt")
    if made is None:
        raise Refused(_("LibreOffice could not make the PDF. Try again, or export to XLSX or CSV instead."))
    yield made


def require_libreoffice() -> None:
    """Raise Refused if LibreOffice isn't installed."""
    if not makes_pdf():
        raise Refused(_("PDFs need LibreOffice, which isn't installed on the server. Export to XLSX or CSV instead."))


def printable_list(rows: ExportRows) -> bytes:
    """Return a list as a document of texts in the reader's language, laid out for print."""
    columns, labels = rows.columns, choice_labels(rows.columns)
    writers = [(column.key, writer_of_text(column, labels.get(column.key, {}))) for column in columns]
    heads = [
        PrintedColumn(str(column.label), WIDTHS.get(column.category, TEXT_WIDTH), column.is_numeric)
        for column in columns
    ]
    texts = (
        [
            shortened(write(value, page)) if (value := row.values[key]) not in (None, "") else ""
            for key, write in writers
        ]
        for page in rows.pages()
        for row in page.rows
    )
    day = written_day(today(), get_language() or "en")
    return "".join(printable_text(rows.query.entity.plural, day, heads, texts)).encode()


def shortened(text: str) -> str:
    """Return a text as long as fits a cell of a table: a row isn't higher than a page."""
    return text if len(text) <= LONGEST_TEXT else f"{text[: LONGEST_TEXT - 1]}…"


def writer_of_text(column: Column, labels: dict[str, str]) -> Write:
    """Return the function that formats a column's values, which are not empty, to be read by people."""
    language, target = get_language() or "en", column.field.target
    writers: dict[str, Write] = {
        "money": lambda value, page: money_brief(value.amount, value.currency, language),
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
