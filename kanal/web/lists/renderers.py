"""Formatting of cells: one function per column and language, to keep rows cheap."""

from kanal.core.listing import Column, Page
from kanal.web.fieldtypes import Write, presenter_of
from kanal.web.markup import NOTHING


def writer_of(column: Column, page: Page, status_key: str = "") -> Write:
    """Return the function that formats a column's values. Empty values are shown as a dash."""
    is_status = bool(status_key) and column.key == status_key
    write = presenter_of(column.field).cell(column, page, is_status=is_status)
    return lambda value: NOTHING if value is None or value == "" or value == [] else write(value)
