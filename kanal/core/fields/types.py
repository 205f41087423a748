"""The common base of field types (validation, storage, reading), and the types boolean and JSON."""

import json
from collections.abc import Callable
from decimal import Decimal
from functools import partial
from operator import itemgetter
from typing import Any

from django.db import models
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from kanal.core.fields.field import CleanContext, Field
from kanal.kit.numbers import format_number

EMPTY = (None, "", [])
DEEPEST = 100
LARGEST_NUMBER = 2**63  # larger numbers aren't exact in most languages, and the API can't return them


def format_limit(limit: Any) -> str:
    """Format a limit in the reader's language."""
    return format_number(limit, get_language() or "en") if isinstance(limit, int | Decimal) else str(limit)


class FieldType:
    """The base of all field types: a value stored unchanged in one column.

    `key` names the type, `category` those with the same operators and sorting. A `label` makes the type available for
    custom fields. `model_fields` are the column classes for such values. `schema` is the JSON schema of the result of
    `dump`. With `is_json`, that is the value itself. `is_list` accepts multiple values. A type that isn't `is_stored`
    is computed for its reader: nothing is sorted or grouped by it.
    """

    key = "text"
    category = "text"
    label: Any = ""
    model_fields: tuple[type, ...] = ()
    schema: dict[str, Any] = {"type": "string"}
    is_json = True
    is_list = False
    is_stored = True

    def accept(self, field: Field, raw: Any, context: CleanContext) -> Any:
        """Validate a raw value: whether it can be stored, is required, has the type's format, is within limits."""
        if isinstance(raw, str):
            raw = raw.strip()
        refuse_unstorable(raw)
        if raw == [] and not self.is_list:
            raise ValueError(_("This is not a list. Send null to leave it empty."))
        if raw in EMPTY:
            if field.required:
                raise ValueError(_("This field is required."))
            return self.nothing(field)
        value = self.clean(field, raw, context)
        self.limit(field, value)
        return value

    def nothing(self, field: Field) -> Any:
        """Return the empty value."""
        return None

    def clean(self, field: Field, raw: Any, context: CleanContext) -> Any:
        """Convert a non-empty raw value to the type's value. Raise ValueError with the reason."""
        return raw

    def limit(self, field: Field, value: Any) -> None:
        """Raise ValueError if a value is outside the field's limits."""
        if field.minimum is not None and value < field.minimum:
            raise ValueError(_("This must be at least %(limit)s.") % {"limit": format_limit(field.minimum)})
        if field.maximum is not None and value > field.maximum:
            raise ValueError(_("This must be at most %(limit)s.") % {"limit": format_limit(field.maximum)})

    def get(self, field: Field, record: Any) -> Any:
        """Return the value of a model instance."""
        return getattr(record, field.column)

    def holds(self, field: Field, record: Any, value: Any) -> bool:
        """Return whether a model instance already has the value."""
        return bool(field.get(record) == value)

    def set(self, field: Field, record: Any, value: Any) -> None:
        """Set the value on a model instance."""
        setattr(record, field.column, value)

    def columns(self, field: Field) -> tuple[str, ...]:
        """Return the columns of the value."""
        return (field.column,)

    def read(self, field: Field, row: dict) -> Any:
        """Return the value from a row of plain values."""
        return row[field.column]

    def reader(self, field: Field) -> Callable[[dict], Any]:
        """Return a function that reads the value from a row, created once for many rows."""
        return itemgetter(field.column) if type(self).read is FieldType.read else partial(self.read, field)

    def dump(self, field: Field, value: Any) -> Any:
        """Convert the value to JSON."""
        return value

    def load(self, field: Field, stored: Any) -> Any:
        """Convert JSON back to the value."""
        return stored


def refuse_unstorable(raw: Any) -> None:
    """Raise ValueError for values that neither columns nor JSON can store: NUL, surrogates, huge numbers, depth."""
    level = [raw]
    for _depth in range(DEEPEST):
        below: list[Any] = []
        for value in level:
            if isinstance(value, str):
                refuse_text(value)
            elif isinstance(value, int | float) and abs(value) >= LARGEST_NUMBER:
                raise ValueError(_("This number is too large."))
            elif isinstance(value, dict):
                below += [*value, *value.values()]
            elif isinstance(value, list | tuple):
                below += value
        if not below:
            return
        level = below
    raise ValueError(_("This structure is nested too deeply."))


def refuse_text(text: str) -> None:
    """Raise ValueError for characters that the database can't store."""
    try:
        text.encode()
    except UnicodeEncodeError:
        text = "\x00"
    if "\x00" in text:
        raise ValueError(_("This text contains a character that can't be stored."))


class BooleanType(FieldType):
    """Yes or no."""

    key = "boolean"
    category = "boolean"
    label = gettext_lazy("Yes or no")
    model_fields = (models.BooleanField,)
    schema = {"type": "boolean", "examples": [True]}

    def nothing(self, field: Field) -> bool:
        """Return False, as an empty checkbox means no."""
        return False

    def clean(self, field: Field, raw: Any, context: CleanContext) -> bool:
        """Parse true and false in their usual spellings."""
        if isinstance(raw, bool):
            return raw
        word = str(raw).lower()
        if word in {"true", "1", "yes", "on"}:
            return True
        if word in {"false", "0", "no", "off"}:
            return False
        raise ValueError(_("Enter yes or no."))

    def set(self, field: Field, record: Any, value: Any) -> None:
        """Set the value on the record."""
        setattr(record, field.column, bool(value))


STRUCTURES: dict[str, type] = {"array": list, "object": dict}


class JsonType(FieldType):
    """A structure with its own form (conditions, mappings), neither filterable nor sortable."""

    key = "json"
    category = "json"
    model_fields = (models.JSONField,)
    schema = {"examples": [{}]}
    is_list = True

    def __init__(self, **schema: Any) -> None:
        """Store the structure's JSON schema for the API's document."""
        self.schema = {**type(self).schema, **schema}

    def clean(self, field: Field, raw: Any, context: CleanContext) -> Any:
        """Return a structure, parsed if text. Raise ValueError for what can't be stored (NUL, NaN, surrogates)."""
        try:
            value = json.loads(raw) if isinstance(raw, str) else raw
            json.dumps(value, allow_nan=False)
        except (TypeError, ValueError, RecursionError):
            raise ValueError(_("This is not valid JSON.")) from None
        refuse_unstorable(value)
        wanted = STRUCTURES.get(self.schema.get("type", ""))
        if wanted is not None and not isinstance(value, wanted):
            raise ValueError(_("Send a list.") if wanted is list else _("Send an object."))
        return value

    def limit(self, field: Field, value: Any) -> None:
        """Skip limits: the record type defines them."""

    def nothing(self, field: Field) -> Any:
        """Return the column's default."""
        return field.default() if callable(field.default) else field.default
