"""Labels of choices and related records in the history, so that clients needn't interpret ids (HIST-1, API-1a)."""

from collections.abc import Iterable
from typing import Any

from kanal.core import access
from kanal.core.fields import Field
from kanal.core.history.reading import Difference
from kanal.kit.reading.ids import id_of

LINKS = ("added", "removed")


class Labels:
    """Converts history values to API values with labels. Names are read once per type."""

    def __init__(self, user: Any, differences: Iterable[Difference]) -> None:
        related = (difference for difference in differences if difference.field.target)
        self.names = access.names_by_type(
            user,
            ((difference.field.target, [*ids_in(difference.old), *ids_in(difference.new)]) for difference in related),
        )

    def change(self, difference: Difference) -> dict[str, Any]:
        """Return one changed field: its key and label, and old and new value with their labels."""
        return {
            "field": difference.field.key,
            "label": str(difference.field.label),
            "old": record_value(difference.field, difference.old),
            "new": record_value(difference.field, difference.new),
            "old_label": self.label(difference.field, difference.old),
            "new_label": self.label(difference.field, difference.new),
        }

    def label(self, field: Field, value: Any) -> str:
        """Return the label of a value, empty for records that aren't visible and for self-explanatory values."""
        if field.target:
            return ", ".join(name for pk in ids_in(value) if (name := self.names.get(field.target, {}).get(pk)))
        if field.type.category not in ("choice", "choices"):
            return ""
        keys = record_value(field, value)
        wanted = keys if isinstance(keys, list) else [keys]
        return ", ".join(str(option.label) for option in field.options() if option.key in wanted)


def record_value(field: Field, value: Any) -> Any:
    """Return a value in the format of records: a row of a table of choices by its key."""
    if field.has_rows and isinstance(value, int):
        return field.table.key_of(value)
    return value


def ids_in(value: Any) -> list[int]:
    """Return the ids in a history value: one, several, or those added to and removed from a list."""
    if isinstance(value, dict):
        return [pk for word in LINKS for pk in ids_in(value.get(word))]
    if isinstance(value, list):
        return [pk for item in value for pk in ids_in(item)]
    pk = id_of(value)
    return [pk] if pk is not None else []
