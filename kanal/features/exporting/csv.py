"""CSV of a list of any size, row by row: constant memory, and the first bytes are sent at once (LIST-7)."""

import csv
from collections.abc import Iterator
from typing import Any

from kanal.core.listing import Column, ListQuery, columns_of, stream
from kanal.features.exporting.cells import choice_labels, heads, record_cells

BOM = "\ufeff"


class Line:
    """A file object for the csv module that returns what is written."""

    def write(self, text: str) -> str:
        """Return the written line."""
        return text


def lines(ask: ListQuery, columns: list[Column] | None = None) -> Iterator[str]:
    """Yield a list as CSV lines, starting with a byte order mark so that spreadsheets detect UTF-8."""
    columns = columns_of(ask.entity, ask.columns, ask.reader) if columns is None else columns
    writer: Any = csv.writer(Line())
    yield BOM + writer.writerow(heads(columns))
    labels = choice_labels(columns)
    for page in stream(ask, columns):
        yield "".join(writer.writerow(record_cells(columns, page, row.values, labels)) for row in page.rows)
