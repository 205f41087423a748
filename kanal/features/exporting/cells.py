"""Cell values in files: plain, and readable by an import of the same columns in the same language."""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from kanal.core.fields import Field
from kanal.core.fields.times import is_day
from kanal.core.listing import Column, Page
from kanal.core.listing.columns import EXPORTED_ID
from kanal.kit.numbers import decimal_mark
from kanal.kit.reading.numbers import plain_decimal
from kanal.kit.text import csv_safe

SEPARATOR = "; "
WriteCells = Callable[[Any, Page], list[str]]


def column_heads(columns: list[Column]) -> list[str]:
    """Return the column headers of a file. Money takes two: the amount and its currency."""
    labels = []
    for column in columns:
        label = str(column.label)
        labels += [label, currency_head(label)] if column.category == "money" else [label]
    if columns and columns[-1].key == "id":
        labels[-1] = str(EXPORTED_ID)
    return labels


def currency_head(label: str) -> str:
    """Return the header of an amount's currency column."""
    return _("%(field)s (currency)") % {"field": label}


def cell_writers(columns: list[Column]) -> list[tuple[str, WriteCells]]:
    """Return for each column its key and the function that formats a value, built once per file.

    The cells are safe against formula injection in spreadsheets, and numbers have the decimal mark of the language.
    """
    labels, mark = choice_labels(columns), decimal_mark(get_language() or "en")
    return [(column.key, cells_of(column, labels.get(column.key, {}), mark)) for column in columns]


def cells_of(column: Column, labels: dict[str, str], mark: str) -> WriteCells:
    """Return the function that formats a column's value as one cell, or an amount as two."""
    if column.category == "money":
        return lambda value, page: [number_text(value.amount, mark), value.currency] if value else ["", ""]
    if column.category == "number":
        return lambda value, page: ["" if value is None else number_text(value, mark)]
    if column.category == "date":
        return lambda value, page: ["" if value is None else value.isoformat()]
    field = column.field

    def write(value: Any, page: Page) -> list[str]:
        return ["" if value is None else csv_safe(cell(field, value, page, labels))]

    return write


def number_text(value: Decimal | int, mark: str) -> str:
    """Return a number without thousands separators."""
    text = plain_decimal(Decimal(value))
    return text if mark == "." else text.replace(".", mark)


def choice_labels(columns: list[Column]) -> dict[str, dict[str, str]]:
    """Return the labels of all choices, loaded once."""
    return {
        column.key: {option.key: str(option.label) for option in column.field.options()}
        for column in columns
        if column.category in ("choice", "choices")
    }


def cell(field: Field, value: Any, page: Page, labels: dict[str, str]) -> str:
    """Format a value that isn't empty."""
    write = WRITERS.get(field.type.category)
    return write(field, value, page, labels) if write else str(field.dump(value))


def relation(field: Field, pk: int, page: Page, labels: dict[str, str]) -> str:
    """Format a related record as its name with its id, or empty if it isn't visible."""
    name = page.name_of(field.target, pk)
    return "" if name is None else f"{name} (#{pk})"


def relations(field: Field, pks: list[int], page: Page, labels: dict[str, str]) -> str:
    """Format several related records."""
    return SEPARATOR.join(filter(None, (relation(field, pk, page, labels) for pk in pks)))


def moment(field: Field, value: dt.datetime, page: Page, labels: dict[str, str]) -> str:
    """Format a moment in the reader's time zone with its offset, so that it's unambiguous."""
    return value.isoformat() if is_day(value) else timezone.localtime(value).isoformat(" ", "seconds")


WRITERS: dict[str, Callable[[Field, Any, Page, dict[str, str]], str]] = {
    "choice": lambda field, value, page, labels: labels.get(value, value),
    "choices": lambda field, value, page, labels: SEPARATOR.join(labels.get(choice, choice) for choice in value),
    "relation": relation,
    "relations": relations,
    "datetime": moment,
    "boolean": lambda field, value, page, labels: "yes" if value else "no",
}
