"""Field types with selected values: choices by key, other records by id, several of either."""

from collections.abc import Callable, Iterable, Sequence
from functools import cache
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kanal.core.fields.field import CleanContext, Field
from kanal.core.fields.m2m import read_links
from kanal.core.fields.types import FieldType
from kanal.kit.reading.ids import id_of

RECORD_ID = {"type": "integer", "minimum": 1, "maximum": 2**63 - 1}


def has_option(field: Field, key: str, context: CleanContext) -> bool:
    """Return whether a key is among the options. Those of a table are cached as a set per `context`."""
    if field.table is None:
        return any(option.key == key for option in field.choices)
    keys = context.once(("keys", field.table, field.group), lambda: {option.key for option in field.options(context)})
    return key in keys


class ChoiceType(FieldType):
    """One of a list of options, by key. A native choice from a table references its row."""

    key = "choice"
    category = "choice"
    label = gettext_lazy("Choice")
    schema = {"type": "string", "examples": ["new"]}
    is_json = False

    def nothing(self, field: Field) -> Any:
        """Return an empty key for a text column, otherwise None."""
        return None if field.is_custom or field.has_rows else ""

    def clean(self, field: Field, raw: Any, context: CleanContext) -> str:
        """Return the key. Raise ValueError if it isn't among the options."""
        key = str(raw)
        if not has_option(field, key, context):
            raise ValueError(_("“%(value)s” is not one of the choices.") % {"value": key[:80]})
        return key

    def limit(self, field: Field, value: Any) -> None:
        """Skip limits: the options define them."""

    def get(self, field: Field, record: Any) -> str | None:
        """Return the key, for a row of a table through the relation."""
        if not field.has_rows:
            return getattr(record, field.column) or None
        return field.table.key_of(getattr(record, f"{field.column}_id"))

    def set(self, field: Field, record: Any, value: Any) -> None:
        """Set the key, or its row, on the record."""
        if field.has_rows:
            value = field.table.by_key(value, field.group) if value else None
        setattr(record, field.column, value)

    def columns(self, field: Field) -> tuple[str, ...]:
        """Return the column of the row's id, to avoid joining its table."""
        return (f"{field.column}_id",) if field.has_rows else (field.column,)

    def read(self, field: Field, row: dict) -> Any:
        """Return the key. A row's id is looked up among the options."""
        if not field.has_rows:
            return row[field.column] or None
        return field.table.key_of(row[f"{field.column}_id"])

    def reader(self, field: Field) -> Callable[[dict], Any]:
        """Return a function that looks up each row of the options once, not once for each record."""
        if not field.has_rows:
            return lambda row: row[field.column] or None
        column, keys = f"{field.column}_id", cache(field.table.key_of)
        return lambda row: keys(row[column])


class MultipleChoiceType(FieldType):
    """Several of a list of options, by key."""

    key = "choices"
    category = "choices"
    label = gettext_lazy("Multiple choice")
    model_fields: tuple[type, ...] = (ArrayField,)
    schema = {"type": "array", "items": {"type": "string"}, "examples": [["new"]]}
    is_list = True

    def nothing(self, field: Field) -> Any:
        """Return an empty list for a column, otherwise None."""
        return None if field.is_custom else []

    def clean(self, field: Field, raw: Any, context: CleanContext) -> list[str]:
        """Return the keys in the options' order. Raise ValueError for keys that aren't among the options."""
        keys = {str(key) for key in (raw if isinstance(raw, list | tuple) else [raw])}
        options = [option.key for option in field.options(context)]
        if field.choices or field.table is not None:
            if wrong := sorted(keys - set(options)):
                raise ValueError(_("“%(value)s” is not one of the choices.") % {"value": wrong[0][:80]})
            return [key for key in options if key in keys]
        return sorted(keys)

    def limit(self, field: Field, value: Any) -> None:
        """Skip limits: the options define them."""


def visible_ids(field: Field, ids: set[int], context: CleanContext) -> set[int]:
    """Return the ids that the user may choose from the relation's target, and note which of them are out of use."""
    from kanal.core import registry

    entity = registry.get(field.target)
    records = entity.model._default_manager.all() if context.choosable is None else context.choosable(entity)
    column = entity.scope.in_use
    usage_by_id = dict(records.filter(pk__in=ids).values_list("pk", column or "pk"))
    if column:
        out_of_use(field, context).update(pk for pk, is_used in usage_by_id.items() if not is_used)
    return set(usage_by_id)


def out_of_use(field: Field, context: CleanContext) -> set[int]:
    """Return the records looked up so far that may not be newly chosen."""
    return context.once(("out of use", field.target), set)


def held_by(record: Any, field: Field, context: CleanContext) -> Any:
    """Return the records that a relation already references, or None for other field types and new records."""
    if record is None or field.type.category not in ("relation", "relations"):
        return None
    if field.links is None:
        return field.get(record)
    return context.once(links_key(record, field), lambda: field.get(record))


def links_key(record: Any, field: Field) -> tuple:
    """Return the cache key of a record's links at its revision."""
    return ("links", type(record), record.pk, record.revision, field.column)


def read_held(records: Sequence[Any], fields: Iterable[Field], context: CleanContext) -> None:
    """Cache the links of some records for `held_by` with one query, except those already in the context."""
    linking = [field for field in fields if field.links is not None]
    asked = [row for row in records if any(links_key(row, field) not in context.cache for field in linking)]
    rows: list[dict[str, Any]] = [{"id": record.pk} for record in asked]
    read_links(linking, rows)
    for record, row in zip(asked, rows, strict=True):
        context.cache |= {links_key(record, field): sorted(row[field.key]) for field in linking}


def require_in_use(field: Field, record: Any, value: Any, context: CleanContext) -> None:
    """Raise ValueError if a value names an out-of-use record that the field didn't reference before."""
    if field.type.category not in ("relation", "relations"):
        return
    named = out_of_use(field, context) & set(value if isinstance(value, list) else [value])
    held = held_by(record, field, context) if named else []
    if named - set(held if isinstance(held, list) else [held]):
        raise ValueError(_("Somebody who is no longer active can't be chosen; choose somebody else."))


def as_id(raw: Any) -> int:
    """Return a record's id from a number, a text, a record, or {"id": …}."""
    raw = getattr(raw, "pk", raw)
    raw = raw.get("id") if isinstance(raw, dict) else raw
    number = None if isinstance(raw, bool) else id_of(raw)
    if not number:
        raise ValueError(_("Choose a record."))
    return number


class RelationType(FieldType):
    """Another record, by id. Only records visible to the user are accepted."""

    key = "relation"
    category = "relation"
    schema = {**RECORD_ID, "examples": [42]}

    def clean(self, field: Field, raw: Any, context: CleanContext) -> int:
        """Return the id. Raise ValueError if the record doesn't exist or isn't visible."""
        number = as_id(raw)
        if not context.once(("record", field.target, number), lambda: visible_ids(field, {number}, context)):
            raise ValueError(_("The record doesn't exist, or you can't see it."))
        return number

    def limit(self, field: Field, value: Any) -> None:
        """Skip limits: the access layer applies."""

    def get(self, field: Field, record: Any) -> int | None:
        """Return the id."""
        return getattr(record, f"{field.column}_id")

    def set(self, field: Field, record: Any, value: Any) -> None:
        """Set the id on the record."""
        setattr(record, f"{field.column}_id", value)

    def columns(self, field: Field) -> tuple[str, ...]:
        """Return the column of the id."""
        return (f"{field.column}_id",)

    def read(self, field: Field, row: dict) -> int | None:
        """Return the id from a row."""
        return row[f"{field.column}_id"]


class MultipleRelationType(FieldType):
    """Several other records, by id, stored in a link table. The write path saves them after the record."""

    key = "relations"
    category = "relations"
    schema = {"type": "array", "items": RECORD_ID, "examples": [[42]]}
    is_list = True
    is_json = False

    def nothing(self, field: Field) -> list:
        """Return no records."""
        return []

    def clean(self, field: Field, raw: Any, context: CleanContext) -> list[int]:
        """Return the distinct ids. Raise ValueError if one doesn't exist or isn't visible."""
        ids = dict.fromkeys(as_id(value) for value in (raw if isinstance(raw, list | tuple) else [raw]))
        if len(ids) > 500:
            raise ValueError(_("At most %(limit)s records are allowed.") % {"limit": 500})
        key = ("records", field.target, tuple(ids))
        if set(ids) - context.once(key, lambda: visible_ids(field, set(ids), context)):
            raise ValueError(_("The record doesn't exist, or you can't see it."))
        return list(ids)

    def limit(self, field: Field, value: Any) -> None:
        """Skip limits: the access layer applies."""

    def get(self, field: Field, record: Any) -> list[int]:
        """Return the ids of a stored record."""
        if record.pk is None:
            return []
        return sorted(getattr(record, field.column).values_list("pk", flat=True))

    def set(self, field: Field, record: Any, value: Any) -> None:
        """Do nothing: links are stored after the record."""

    def columns(self, field: Field) -> tuple[str, ...]:
        """Return no column: links are read for a whole page at once."""
        return ()

    def read(self, field: Field, row: dict) -> list[int]:
        """Return the ids that `read_links` has added to the row."""
        return row.get(field.key, [])
