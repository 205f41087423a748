"""CSV of a list of any size, row by row: constant memory, and the first bytes are sent at once (LIST-7)."""

import csv
from collections.abc import Iterator
from typing import Any

from django.utils.translation import get_language

from kanal.features.exporting.cells import cell_writers, column_heads
from kanal.features.exporting.rows import ExportRows
from kanal.kit.numbers import decimal_mark
from kanal.kit.text import csv_safe

BOM = "\ufeff"


class Line:
    """A file object for the csv module that returns what is written."""

    def write(self, text: str) -> str:
        """Return the written line."""
        return text


def separator() -> str:
    """Return the separator that spreadsheets in the active language expect: a semicolon beside a decimal comma."""
    return ";" if decimal_mark(get_language() or "en") == "," else ","


def lines(rows: ExportRows) -> Iterator[str]:
    """Yield a list as CSV lines, starting with a byte order mark so that spreadsheets detect UTF-8."""
    writer: Any = csv.writer(Line(), delimiter=separator())
    yield BOM + writer.writerow([csv_safe(head) for head in column_heads(rows.columns)])
    writers = cell_writers(rows.columns)
    for page in rows.pages():
        yield "".join(
            writer.writerow([text for key, write in writers for text in write(row.values[key], page)])
            for row in page.rows
        )
