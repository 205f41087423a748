"""The columns available in a list: a type's own fields, custom ones, and fields one relation away."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from kanal.core import registry
from kanal.core.entity import Entity
from kanal.core.fields import Field
from kanal.core.fields.news import NEWS
from kanal.core.query import FilterContext, QueryError
from kanal.core.query.compiler import find_among, target_entity

MOST = 40
# The header of the id column at the end of an export. Imports use it to distinguish these ids from other systems'.
EXPORTED_ID = _("Kanal ID")
UNSORTED = ("relations", "choices", "json")


@dataclass(frozen=True)
class Column:
    """One column: its field, and for another type's field the relation to it."""

    key: str
    field: Field
    via: Field | None = None

    @property
    def label(self) -> Any:
        """Return the heading."""
        return f"{self.via.label}: {self.field.label}" if self.via else self.field.label

    @property
    def category(self) -> str:
        """Return the category of the field's type."""
        return self.field.type.category

    @property
    def is_sortable(self) -> bool:
        """Return whether a list can be sorted and grouped by it."""
        return (
            self.category not in UNSORTED
            and self.field.type.is_stored
            and self.field.mask is None
            and self.own.mask is None
        )

    @property
    def is_numeric(self) -> bool:
        """Return whether it is right-aligned."""
        return self.category in ("number", "money")

    @property
    def own(self) -> Field:
        """Return the field of the listed type through which the value is read."""
        return self.via or self.field


def column_of(entity: Entity, key: str, reader: FilterContext) -> Column:
    """Return one column. Raise QueryError if the reader has no such column."""
    field, rest = find_among(reader.columns(entity), key)
    if not rest:
        return Column(key, field)
    inner, more = find_among(reader.columns(target_entity(field, key)), rest)
    if more or inner.type.category == "relations" or not inner.type.is_stored:
        raise QueryError(f"There is no field “{key}”.", key)
    return Column(key, inner, field)


def columns_of(
    entity: Entity, keys: Iterable[str], reader: FilterContext, *, strict: bool = False, most: int | None = MOST
) -> list[Column]:
    """Return the columns of these keys without duplicates, unknown and hidden ones. Raise QueryError if `strict`."""
    columns_by_key: dict[str, Column] = {}
    for key in list(keys)[:most]:
        try:
            columns_by_key.setdefault(key, column_of(entity, key, reader))
        except QueryError:
            if strict:
                raise
    return list(columns_by_key.values())


def all_keys(entity: Entity, reader: FilterContext) -> list[str]:
    """Return all fields of a type that can be written to a file."""
    columns = reader.columns(entity).items()
    return [key for key, field in columns if field.type.category != "json" and field.type.is_stored]


def offered_columns(entity: Entity, reader: FilterContext, *, related: bool = True) -> list[tuple[str, list[Column]]]:
    """Return all columns in groups (heading, columns): the type's own, then those of each type one relation away."""
    own = [Column(key, field) for key, field in reader.columns(entity).items() if field.type.category != "json"]
    groups = [(entity.label, own)]
    for column in own if related else ():
        target = registry.find(column.field.target) if column.category == "relation" else None
        if target is None or column.field.is_custom:
            continue
        inner = [
            Column(f"{column.key}.{key}", field, column.field)
            for key, field in reader.columns(target).items()
            if field.type.category not in ("json", "relations") and key not in ("id", target.title, NEWS)
        ]
        groups.append((str(column.label), inner))
    return groups
