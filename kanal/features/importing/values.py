"""Conversion of a row's cells to field values, by the column's format and the user's choices."""

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from kanal.core import currencies
from kanal.core.fields import CleanContext, Field
from kanal.features.importing import mapping, naming
from kanal.features.importing.layout import spelled
from kanal.features.importing.persons import split_full_name
from kanal.kit.errors import Ambiguous, Invalid
from kanal.kit.reading.booleans import read_boolean
from kanal.kit.reading.characters import is_nothing
from kanal.kit.reading.choices import essence
from kanal.kit.reading.dates import read_date, read_day_or_moment, read_moment
from kanal.kit.reading.money import read_currency, read_money
from kanal.kit.reading.numbers import read_number
from kanal.kit.reading.percent import read_percent
from kanal.kit.reading.phones import numbers_in

SEPARATOR = re.compile(r"\s*[;\n]\s*")
ADDRESS = re.compile(r"[^\s<>;,()\[\]\"@]{1,64}@[^\s<>;,()\[\]\"@]{1,255}")
SPAN = re.compile(r"(\d{1,6}):([0-5]\d)(?::[0-5]\d)?")
LONGEST_LIST = 5000
LEFT_EMPTY = object()
# The choice for all unknown words of a column.
REST = "*"


@dataclass
class Reader:
    """Read the rows of an import."""

    fields: Mapping[str, Field]
    places: Mapping[str, list[int]]
    user: Any
    zone: dt.tzinfo
    formats: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    fixed: Mapping[str, Any] = field(default_factory=dict)
    unknown: Mapping[str, Mapping[str, Mapping[str, Any]]] = field(default_factory=dict)
    context: CleanContext = field(default_factory=CleanContext)
    presets: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        self.phones = [key for key in self.places if self.kind(key) == "phone"]
        self.joints = {key: mapping.joint(key, {key: self.kind(key)}) for key in self.places}

    def kind(self, key: str) -> str:
        """Return the kind of a field by its key."""
        return self.fields[key].type.key if key in self.fields else ""

    def text(self, key: str, cells: list[str]) -> str:
        """Return a row's text for a field: one cell, or several joined."""
        places = self.places.get(key, ())
        if len(places) == 1:
            return spelled(cells[places[0]], self.kind(key)).strip()
        return self.joints.get(key, "").join(
            spelled(cells[place], self.kind(key)).strip() for place in places if cells[place].strip()
        )

    def values(self, cells: list[str]) -> dict[str, Any]:
        """Return the raw values of a row, empty ones as None. Raise Invalid with errors by field."""
        values: dict[str, Any] = {}
        errors: dict[str, list[Any]] = {}
        for key in self.places:
            if key not in self.fields:
                continue
            try:
                value = self.value(key, self.text(key, cells), cells)
            except Ambiguous as several:
                errors[key] = [*several.messages(), _("Choose how to read this column.")]
            except Invalid as problem:
                errors[key] = problem.messages()
            else:
                values[key] = None if value is LEFT_EMPTY else value
        if errors:
            raise Invalid(errors)
        self.add_name(values, cells)
        self.add_fixed(values)
        return values

    def add_name(self, values: dict[str, Any], cells: list[str]) -> None:
        """Add the parts of a full name if the row has no separate ones."""
        whole = self.text(mapping.FULL_NAME, cells) if mapping.FULL_NAME in self.places else ""
        if whole and not values.get("first_name") and not values.get("last_name"):
            values |= {key: part for key, part in split_full_name(whole).items() if key in self.fields and part}

    def add_addresses(self, values: dict[str, Any], cells: list[str]) -> None:
        """Append further addresses and numbers of a cell to the text of a new record, so that none is lost."""
        others = ADDRESS.findall(self.text("email", cells))[1:] if "email" in self.places else []
        phones = [number for key in self.phones for number in numbers_in(self.text(key, cells))[1:]]
        key = next((key for key in ("description", "comment") if key in self.fields), "")
        lines = [values.get(key)] if key else []
        if others:
            lines.append(_("Other e-mail addresses: %(addresses)s") % {"addresses": ", ".join(dict.fromkeys(others))})
        if phones:
            lines.append(_("Other phone numbers: %(numbers)s") % {"numbers": ", ".join(dict.fromkeys(phones))})
        if key and (others or phones):
            values[key] = "\n".join(filter(None, lines))

    def add_fixed(self, values: dict[str, Any]) -> None:
        """Set the values for all rows where the row has none."""
        for key, raw in self.fixed.items():
            if key in self.fields and values.get(key) in (None, "", []):
                values[key] = raw

    def without_presets(self, values: dict[str, Any], cells: list[str]) -> dict[str, Any]:
        """Return the values for an existing record, without defaults for missing values."""
        return {key: value for key, value in values.items() if key not in self.presets or self.text(key, cells)}

    def value(self, key: str, text: str, cells: list[str]) -> Any:
        """Return the raw value of a field's text."""
        if not text:
            return None
        field = self.fields[key]
        read = READERS.get(field.type.key)
        if read is not None:
            return None if is_nothing(text) else read(self, field, text, cells)
        if field.type.category in ("choices", "relations"):
            return self.several(field, text)
        if field.type.category in ("choice", "relation"):
            return self.picked(field, text)
        return text

    def form(self, field: Field) -> Mapping[str, str]:
        """Return the format chosen for a field's column."""
        return self.formats.get(field.key, {})

    def several(self, field: Field, text: str) -> list[Any]:
        """Return the options or records that a cell with several names refers to."""
        if len(text) > LONGEST_LIST:
            raise Invalid(_("This is not a list of names, or it has too many."))
        try:
            return [self.named(field, text)]
        except Invalid:
            parts = [part for part in SEPARATOR.split(text) if part]
        if len(parts) == 1 and "," in text:
            parts = [part.strip() for part in text.split(",") if part.strip()]
        values = [self.picked(field, part) for part in parts]
        return [value for value in values if value is not LEFT_EMPTY]

    def picked(self, field: Field, text: str) -> Any:
        """Return the option or record that a text names, or the choice for an unknown name."""
        words = self.unknown.get(field.key, {})
        chosen = words.get(essence(text)) or words.get(REST, {})
        if chosen.get("do") == "use":
            return chosen["value"]
        try:
            return self.named(field, text)
        except Invalid:
            if chosen.get("do") == "leave":
                return LEFT_EMPTY
            raise

    def named(self, field: Field, text: str) -> Any:
        """Return the option or record that a text names."""
        if field.type.category in ("choice", "choices"):
            return naming.option_of(field, text, self.context)
        return naming.record_of(field, text, self.user, self.context)


def number(reader: Reader, field: Field, text: str, cells: list[str]) -> Any:
    """Parse a number. A duration is in hours."""
    if span := SPAN.fullmatch(text):
        return round(read_number(span[1]) + read_number(span[2]) / 60, 2)
    return read_number(text, reader.form(field).get("decimal_sign"))


def percent(reader: Reader, field: Field, text: str, cells: list[str]) -> Any:
    """Parse a percentage."""
    form = reader.form(field)
    return read_percent(text, form.get("decimal_sign"), form.get("scale"))


def money(reader: Reader, field: Field, text: str, cells: list[str]) -> Any:
    """Parse an amount with the currency from the cell, its own column or the choice for all rows."""
    in_use = currencies.in_use()
    stated = reader.text(field.key + mapping.CURRENCY, cells)
    fallback = reader.fixed.get(field.key + mapping.CURRENCY) or ""
    currency = read_currency(stated, str(fallback) or currencies.main(), in_use) if stated else str(fallback)
    amount = read_money(text, currency or currencies.main(), reader.form(field).get("decimal_sign"), in_use)
    named = amount.currency if currency or read_money_is_named(text) else ""
    return {"amount": amount.amount, **({"currency": named} if named else {})}


def read_money_is_named(text: str) -> bool:
    """Return whether an amount contains its currency."""
    return any(letter.isalpha() or letter in "€$£¥₹₽₴₺₩₪฿₫₱₦" for letter in text)


def date(reader: Reader, field: Field, text: str, cells: list[str]) -> Any:
    """Parse a day."""
    return read_date(text, reader.form(field).get("order"), reader.zone)


def moment(reader: Reader, field: Field, text: str, cells: list[str]) -> Any:
    """Parse a moment in the importing user's time zone, or a day alone if the field takes whole days."""
    read = read_day_or_moment if field.day else read_moment
    return read(text, reader.form(field).get("order"), reader.zone)


def boolean(reader: Reader, field: Field, text: str, cells: list[str]) -> Any:
    """Parse yes or no."""
    return read_boolean(text)


def email(reader: Reader, field: Field, text: str, cells: list[str]) -> Any:
    """Return the first e-mail address of a cell."""
    addresses = ADDRESS.findall(text)
    return addresses[0].removeprefix("mailto:") if addresses else text


def phone(reader: Reader, field: Field, text: str, cells: list[str]) -> Any:
    """Return the first phone number of a cell, as written."""
    return numbers_in(text)[0]


READERS = {
    "integer": number, "decimal": number, "percent": percent, "money": money, "date": date, "datetime": moment,
    "boolean": boolean, "email": email, "phone": phone,
}  # fmt: skip
