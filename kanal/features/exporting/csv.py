"""CSV of a list at any size, row by row: memory stays flat, the first bytes leave at once (LIST-7)."""

import csv
from collections.abc import Iterator
from typing import Any

from kanal.core.listing import Column, ListQuery, columns_of, stream
from kanal.features.exporting.cells import heads, labels_of, row_of

BOM = "\ufeff"


class Line:
    """A file for the csv module that hands back what is written to it."""

    def write(self, text: str) -> str:
        """Return the line back."""
        return text


def lines(ask: ListQuery, columns: list[Column] | None = None) -> Iterator[str]:
    """Write a list as lines of CSV; a mark at the beginning tells spreadsheets that it is UTF-8."""
    columns = columns_of(ask.entity, ask.columns, ask.reader) if columns is None else columns
    writer: Any = csv.writer(Line())
    yield BOM + writer.writerow(heads(columns))
    labels = labels_of(columns)
    for page in stream(ask, columns):
        yield "".join(writer.writerow(row_of(columns, page, row.values, labels)) for row in page.rows)
