"""A record as one user may read it, for the pages, documents and tokens of apps (ACC-6, FORM-2)."""

from typing import Any

from django.db.models import Model

from kanal.core.access.field_context import FieldContext
from kanal.core.entity import Entity
from kanal.core.fields import Field, fields_of
from kanal.core.fields.field import is_hidden_on


class ReadableRecord:
    """A record limited to what one user may read. Hidden values are empty, on related records too.

    A hidden text or choice is an empty text, everything else None. `unlimited` is the record itself.
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
        """Return the custom values that aren't hidden."""
        held = self.unlimited.custom
        return {key: value for key, value in held.items() if f"custom.{key}" not in self._hidden}

    def shows(self, *keys: str) -> bool:
        """Return whether the user can read all these fields on the record."""
        return not self._hidden.keys() & set(keys)


def readable(user: Any, record: Any) -> Any:
    """Return a record as a user may read it. Return other objects, such as options of a choice, unchanged."""
    from kanal.core import registry

    entity = registry.of(record) if record is not None else None
    return record if entity is None or user is None else ReadableRecord(user, record, entity)


def hidden_names(user: Any, entity: Entity, record: Any) -> dict[str, Any]:
    """Return the attributes of fields hidden from a user on a record, with their placeholders."""
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
    """Return the placeholder of a hidden value: an empty text where the word None would be displayed."""
    return "" if field.type.category in ("text", "choice") and not field.has_rows else None
