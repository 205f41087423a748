"""A record as one user reads it, for pages, documents and tokens that rooms make themselves (ACC-6, FORM-2)."""

from typing import Any

from django.db.models import Model

from kanal.core.access.field_context import FieldContext
from kanal.core.entity import Entity
from kanal.core.fields import Field, fields_of
from kanal.core.fields.field import is_hidden_on


class ReadableRecord:
    """A record that gives what one user may read of it; what is hidden reads as nothing, on related records too.

    A text or choice reads as an empty text, everything else as None. The record itself is at `unlimited`.
    """

    def __init__(self, user: Any, record: Any, entity: Entity) -> None:
        self.unlimited = record
        self._user = user
        self._hidden = hidden_names(user, entity, record)

    def __getattr__(self, name: str) -> Any:
        if name in self._hidden:
            return self._hidden[name]
        value = getattr(self.unlimited, name)
        return readable(self._user, value) if isinstance(value, Model) else value

    def __str__(self) -> str:
        return str(self.unlimited)

    @property
    def custom(self) -> dict[str, Any]:
        """Return the custom values that are not hidden."""
        held = self.unlimited.custom
        return {key: value for key, value in held.items() if f"custom.{key}" not in self._hidden}

    def shows(self, *keys: str) -> bool:
        """Return whether the user reads all of these fields on the record."""
        return not self._hidden.keys() & set(keys)


def readable(user: Any, record: Any) -> Any:
    """Return a record as a user reads it; what is no record type, such as an option of a choice, as it is."""
    from kanal.core import registry

    entity = registry.of(record) if record is not None else None
    return record if entity is None or user is None else ReadableRecord(user, record, entity)


def hidden_names(user: Any, entity: Entity, record: Any) -> dict[str, Any]:
    """Return the attributes that tell of fields hidden from a user on a record, each with what stands in its place."""
    fields = FieldContext(user, entity).readable
    hidden: dict[str, Any] = {}
    for key, field in fields_of(entity).items():
        if key in fields and not is_hidden_on(fields[key], record):
            continue
        nothing = placeholder(field)
        names = (key, field.column, f"{field.column}_id", f"get_{field.column}_display", field.converted)
        hidden |= dict.fromkeys((key,) if field.is_custom else filter(None, names), nothing)
    return hidden


def placeholder(field: Field) -> Any:
    """Return what stands in the place of a hidden value: an empty text where people would read the word None."""
    return "" if field.type.category in ("text", "choice") and not field.has_rows else None
