"""Cell values in files: plain, the same in every language, and readable by an import of the same columns."""

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from kanal.core.fields import Field
from kanal.core.fields.times import is_day
from kanal.core.listing import Column, Page
from kanal.core.listing.columns import EXPORTED_ID
from kanal.kit.reading.numbers import plain_decimal
from kanal.kit.text import csv_safe

SEPARATOR = "; "


def heads(columns: list[Column]) -> list[str]:
    """Return the column headers of a file. Money takes two: the amount and its currency."""
    labels = []
    for column in columns:
        label = str(column.label)
        labels += [label, currency_head(label)] if column.category == "money" else [label]
    if columns and columns[-1].key == "id":
        labels[-1] = str(EXPORTED_ID)
    return [csv_safe(head) for head in labels]


def currency_head(label: str) -> str:
    """Return the header of an amount's currency column."""
    return _("%(field)s (currency)") % {"field": label}


def record_cells(
    columns: list[Column], page: Page, values: dict[str, Any], labels: dict[str, dict[str, str]]
) -> list[str]:
    """Return a record's values, safe against formula injection in spreadsheets."""
    cells: list[str] = []
    for column in columns:
        value = values[column.key]
        if column.category == "money":
            cells += [plain_decimal(value.amount), value.currency] if value else ["", ""]
        else:
            cells.append("" if value is None else cell(column.field, value, page, labels.get(column.key, {})))
    return [csv_safe(content) for content in cells]


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
