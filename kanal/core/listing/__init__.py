"""Reads a page of records as plain values for lists, boards, exports and the API. No HTML and no JSON here."""

from kanal.core.listing.columns import Column, columns_of, offered_columns
from kanal.core.listing.count import Count, count_of
from kanal.core.listing.cursors import CursorError
from kanal.core.listing.fetch import Page, Row, read_columns, read_page, read_rows
from kanal.core.listing.query import ListQuery, records_of, search_node
from kanal.core.listing.streaming import stream

__all__ = [
    "Column",
    "Count",
    "CursorError",
    "ListQuery",
    "Page",
    "Row",
    "columns_of",
    "count_of",
    "offered_columns",
    "read_columns",
    "read_page",
    "read_rows",
    "records_of",
    "search_node",
    "stream",
]
