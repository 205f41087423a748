"""The description of a field, native or custom, and the context for cleaning its values."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from kanal.core.marks import Mark
from kanal.kit.errors import Invalid

if TYPE_CHECKING:
    from kanal.core.fields.types import FieldType


@dataclass(frozen=True)
class Option:
    """One value of a choice: its stable key, label and optional color."""

    key: str
    label: Any
    colour: str = ""
    id: int | None = None
    active: bool = True
    sort: int = 0


@dataclass
class CleanContext:
    """The user who enters the value, the country of the record, and look-ups cached for the same request.

    `choosable(entity)` returns the records of a type that the user may choose.
    """

    user: Any = None
    country: str = ""
    cache: dict = field(default_factory=dict)
    choosable: Callable[[Any], Any] | None = None

    def __post_init__(self) -> None:
        """Raise TypeError for a user without `choosable`. `access.clean_context` sets both."""
        if self.user is not None and self.choosable is None:
            raise TypeError("Make the context of a user's values by access.clean_context.")

    def once(self, key: Any, find: Callable[[], Any]) -> Any:
        """Return the cached result of `find` for `key`."""
        if key not in self.cache:
            self.cache[key] = find()
        return self.cache[key]


@dataclass(frozen=True)
class Mask:
    """The statuses of a record at which a field is hidden from a reader (FORM-2). `status` is the status field."""

    status: "Field"
    keys: frozenset[str]

    def hides_on(self, record: Any) -> bool:
        """Return whether the field is hidden on a record."""
        return self.status.get(record) in self.keys

    def hides_in(self, row: dict) -> bool:
        """Return whether the field is hidden in a row of plain values."""
        return self.status.read(row) in self.keys


@dataclass(frozen=True)
class Applicability:
    """The records to which a custom field applies (CF-2): those with one of the values in each of the fields.

    On others the field is empty for every reader. Previously stored values are retained.
    """

    conditions: tuple[tuple["Field", frozenset[Any]], ...]

    def without(self, key: str) -> "Applicability | None":
        """Return a copy without the condition on one field, or None if no other remains."""
        rest = tuple(condition for condition in self.conditions if condition[0].key != key)
        return Applicability(rest) if rest else None

    def holds_on(self, record: Any) -> bool:
        """Return whether the field applies to a record."""
        return all(field.get(record) in values for field, values in self.conditions)

    def holds_in(self, row: dict) -> bool:
        """Return whether the field applies to a row of plain values."""
        return all(field.read(row) in values for field, values in self.conditions)

    def holds_for(self, values: Mapping[str, Any]) -> bool | None:
        """Return whether the field applies given some known values by key, or None if they are insufficient."""
        known = [condition for condition in self.conditions if values.get(condition[0].key) is not None]
        if any(values[field.key] not in allowed for field, allowed in known):
            return False
        return True if len(known) == len(self.conditions) else None

    def columns(self) -> tuple[str, ...]:
        """Return the columns required by `holds_in`."""
        return tuple(name for field, _values in self.conditions for name in field.columns())


@dataclass(frozen=True)
class Field:
    """One field of a record type.

    `key` is its name in the API and filters (`value`, `custom.budget`); `column` is the model's attribute; `currency`
    and `converted` name the sibling columns of a money field, `day` that of a moment that may be a whole day; `target`
    is the key of a relation's record type, `over` that of the type whose records a stored filter selects, `links` the
    column of a link table, `table` the model of a choice stored in the database; `digits` are the decimals of a
    number, `places` the digits before them. A secret is only shown to users who may edit the type. `not_offered`
    are the keys of options that forms omit; `applies` defines the records to which a custom field applies, `mask`
    those on which the field is hidden from its reader. `marks` are the possible values of a field of marks.
    """

    key: str
    label: Any
    type: "FieldType"
    column: str = ""
    required: bool = False
    read_only: bool = False
    help: Any = ""
    minimum: Any = None
    maximum: Any = None
    max_length: int | None = None
    digits: int | None = None
    places: int | None = None
    pattern: str = ""
    choices: tuple[Option, ...] = ()
    table: Any = None
    group: str = ""
    target: str = ""
    over: str = ""
    links: Any = None
    currency: str = ""
    converted: str = ""
    day: str = ""
    default: Any = None
    custom: int | None = None
    filterable: bool = True
    searchable: bool = False
    is_secret: bool = False
    not_offered: frozenset[str] = frozenset()
    mask: Mask | None = None
    applies: Applicability | None = None
    marks: tuple[Mark, ...] = ()

    @property
    def is_custom(self) -> bool:
        """Return whether an administrator created this field."""
        return self.custom is not None

    @property
    def has_rows(self) -> bool:
        """Return whether the options are rows that the column references by id (a status, a category)."""
        return hasattr(self.table, "_meta")

    @property
    def name(self) -> str:
        """Return the key without the prefix of custom fields."""
        return self.key.removeprefix("custom.")

    def options(self, context: CleanContext | None = None) -> tuple[Option, ...]:
        """Return the options of a choice. Those of a table are read once per `context`."""
        if self.table is None:
            return self.choices
        if context is None:
            return self.table.options(self.group)
        return context.once(("options", self.table, self.group), lambda: self.table.options(self.group))

    def clean(self, raw: Any, context: CleanContext | None = None) -> Any:
        """Convert user input (text or JSON) to a value. Raise ValueError with the reason."""
        try:
            return self.type.accept(self, raw, context or CleanContext())
        except Invalid as refusal:
            raise ValueError(" ".join(refusal.messages())) from None

    def get(self, record: Any) -> Any:
        """Return this field's value from a model instance, empty if hidden."""
        if is_hidden_on(self, record):
            return hidden_value(self)
        if self.is_custom:
            return self.type.load(self, record.custom.get(self.name))
        return self.type.get(self, record)

    def set(self, record: Any, value: Any) -> None:
        """Set a cleaned value on a model instance."""
        if not self.is_custom:
            self.type.set(self, record, value)
        elif value in (None, "", []):
            record.custom.pop(self.name, None)
        else:
            record.custom[self.name] = self.type.dump(self, value)

    def columns(self) -> tuple[str, ...]:
        """Return the columns that `read` requires in a row of plain values."""
        own = ("custom",) if self.is_custom else self.type.columns(self)
        if self.mask is not None:
            own = (*own, *self.mask.status.columns())
        return own if self.applies is None else (*own, *self.applies.columns())

    def read(self, row: dict) -> Any:
        """Return this field's value from a row of plain values, empty if hidden."""
        if is_hidden_in(self, row):
            return hidden_value(self)
        if self.is_custom:
            return self.type.load(self, row["custom"].get(self.name))
        return self.type.read(self, row)

    def dump(self, value: Any) -> Any:
        """Convert a value to JSON-compatible data, as in the API and the history."""
        return None if value is None else self.type.dump(self, value)

    def in_json(self) -> Callable[[dict], Any]:
        """Return a function from a row of plain values to this field's value as JSON, created once for many rows."""
        if self.mask is not None or self.applies is not None:
            hidden, shown = hidden_value(self), self.but(mask=None, applies=None).in_json()
            return lambda row: hidden if is_hidden_in(self, row) else shown(row)
        if self.is_custom:
            return self._custom_in_json()
        if self.type.is_json:
            return itemgetter(*self.columns())
        read, dump = self.type.read, self.type.dump
        return lambda row: None if (value := read(self, row)) is None else dump(self, value)

    def _custom_in_json(self) -> Callable[[dict], Any]:
        """Return the same for a custom field, which is empty in most rows."""
        name, load, dump = self.name, self.type.load, self.type.dump
        if self.type.is_json:
            return lambda row: row["custom"].get(name)
        return lambda row: None if (stored := row["custom"].get(name)) is None else dump(self, load(self, stored))

    def but(self, **changes: Any) -> "Field":
        """Return a copy with changed properties."""
        return replace(self, **changes)


def hidden_value(field: Field) -> Any:
    """Return the placeholder of a hidden value: None, or an empty list for multiple values."""
    return [] if field.type.category in ("relations", "choices") else None


def is_hidden_on(field: Field, record: Any) -> bool:
    """Return whether a field is hidden from its reader on a record (FORM-2) or doesn't apply to it (CF-2)."""
    if field.mask is not None and field.mask.hides_on(record):
        return True
    return field.applies is not None and not field.applies.holds_on(record)


def is_hidden_in(field: Field, row: dict) -> bool:
    """Return the same for a row of plain values."""
    if field.mask is not None and field.mask.hides_in(row):
        return True
    return field.applies is not None and not field.applies.holds_in(row)


def value_reader(field: Field) -> Callable[[dict], Any]:
    """Return a function from a row of plain values to a field's value as `read` does, created once for many rows."""
    if field.mask is not None or field.applies is not None:
        return field.read
    if field.is_custom:
        name, load = field.name, field.type.load
        return lambda row: load(field, row["custom"].get(name))
    return field.type.reader(field)
