"""The columns that reference records.

Foreign keys and links are found automatically, as are tables with a type and an id (`entity`, `record_id`). Ids in
JSON and arrays are declared by their app. A test checks all columns of the project, so that new ones aren't missed.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.apps import apps
from django.db import models
from django.db.models import QuerySet, Value
from django.db.models.fields.json import KeyTextTransform
from django.db.models.lookups import Exact

from kanal.core import registry, settings
from kanal.core.entity import Entity
from kanal.core.fields import fields_of
from kanal.core.models import Setting
from kanal.core.query.json import from_json
from kanal.core.query.tree import All, Node, Not, QueryError, Test
from kanal.core.query.tree import Any as AnyOf
from kanal.kit.registries import ListRegistry, Registry


class Policy(StrEnum):
    """The handling of a reference when another record replaces its target."""

    MOVES = "moves"
    STAYS = "stays"  # part of the record itself, or describes the past
    DERIVED = "derived"  # computed from other columns


@dataclass(frozen=True)
class Reference:
    """A column by which rows reference records of one type, or of any (empty `target`)."""

    model: type[models.Model]
    column: str
    target: str

    @property
    def key(self) -> str:
        """Return the name of the column, such as `leads.lead.assignee`."""
        return f"{self.model._meta.label_lower}.{self.column}"

    @property
    def policy(self) -> Policy:
        """Return the handling when another record replaces the target."""
        return _policies.get(self.key) or Policy.MOVES

    @property
    def entity(self) -> Entity | None:
        """Return the record type of the rows, or None if they aren't records."""
        return registry.of(self.model)

    def rows(self, entity: Entity, pk: int) -> QuerySet[Any]:
        """Return the rows that reference a record."""
        return self.model._default_manager.filter(**{self.column: pk})


class ForeignKeyReference(Reference):
    """A foreign key."""


class LinkReference(Reference):
    """Many-to-many links to other records."""


class PairReference(Reference):
    """A type and an id, in the columns `entity` and `record_id`."""

    def rows(self, entity: Entity, pk: int) -> QuerySet[Any]:
        """Return the rows that belong to a record."""
        return self.model._default_manager.filter(entity=entity.key, record_id=pk)


class ArrayReference(Reference):
    """An array of ids."""

    def rows(self, entity: Entity, pk: int) -> QuerySet[Any]:
        """Return the rows whose array contains the id."""
        return self.model._default_manager.filter(**{f"{self.column}__contains": [pk]})


@dataclass(frozen=True)
class CustomReference(Reference):
    """A custom field that is a relation; `name` is its key in the JSON of custom values."""

    name: str = ""

    def rows(self, entity: Entity, pk: int) -> QuerySet[Any]:
        """Return the records with the id in the custom field."""
        # the expression of the index that a filterable field has
        return self.model._default_manager.filter(Exact(KeyTextTransform(self.name, "custom"), Value(str(pk))))


@dataclass(frozen=True)
class SettingReference(Reference):
    """A setting of the installation that is a relation; `name` is its key."""

    name: str = ""

    def rows(self, entity: Entity, pk: int) -> QuerySet[Any]:
        """Return the setting if its value is the id."""
        return Setting.objects.filter(key=self.name, value=pk)


@dataclass(frozen=True)
class JsonReference(Reference):
    """Ids in JSON of a small table. `replace(value, old, new)` returns the value with the id replaced."""

    replace: Callable[[Any, int, int], Any] = lambda value, old, new: value

    def rows(self, entity: Entity, pk: int) -> QuerySet[Any]:
        """Return the rows whose value contains the record's id."""
        rows = self.model._default_manager.all()
        values = rows.values_list("pk", self.column)
        return rows.filter(pk__in=[row for row, value in values if self.replace(value, pk, 0) != value])


@dataclass(frozen=True)
class FilterReference(Reference):
    """Ids in filters stored as JSON, for the type in the row's column `entity` or a fixed one (`over`)."""

    over: str = ""

    def rows(self, entity: Entity, pk: int) -> QuerySet[Any]:
        """Return the rows whose filter contains the record's id."""
        rows = self.model._default_manager.all()
        named = [row.pk for row in rows if str(pk) in self.ids_in(row, entity)]
        return rows.filter(pk__in=named)

    def filtered_entity(self, row: Any) -> Entity | None:
        """Return the type of a row's filter."""
        return registry.find(self.over or row.entity)

    def ids_in(self, row: Any, target: Entity) -> set[str]:
        """Return the ids of records of a type in a row's filter."""
        over = self.filtered_entity(row)
        tests = tests_on(parsed(getattr(row, self.column)), over, target) if over else ()
        return {value for test in tests for value in test.values}


_declared: ListRegistry[Reference] = ListRegistry("references", lambda reference: reference.key)
_policies: Registry[Policy] = Registry("references that don't move")


def declare_array(model: type[models.Model], column: str, target: str) -> None:
    """Declare an array with ids of a type's records."""
    _declared.add(target, ArrayReference(model, column, target))


def declare_json(model: type[models.Model], column: str, target: str, replace: Callable[[Any, int, int], Any]) -> None:
    """Declare ids of a type's records in JSON. `replace(value, old, new)` returns the value with the id replaced."""
    _declared.add(target, JsonReference(model, column, target, replace))


def declare_filter(model: type[models.Model], column: str, *, over: str = "") -> None:
    """Declare a column with a filter as JSON. `over` is the filtered type if there is no column `entity`."""
    _declared.add("", FilterReference(model, column, "", over))


def filter_columns() -> list[FilterReference]:
    """Return the columns that store filters."""
    return [reference for reference in _declared.of("") if isinstance(reference, FilterReference)]


def declare_policy(policy: Policy, *keys: str) -> None:
    """Declare that columns such as `core.apitoken.user` stay or are derived. Others move."""
    for key in keys:
        _policies.register(key, policy)


def references_of(entity: Entity) -> list[Reference]:
    """Return the columns that reference records of a type, except derived ones."""
    references = [*keys_to(entity.model), *pairs(), *custom_references(entity), *setting_references(entity)]
    references += [*_declared.of(entity.key), *_declared.of("")]
    return [reference for reference in references if reference.policy != Policy.DERIVED]


def keys_to(target: type[models.Model]) -> Iterator[Reference]:
    """Yield the foreign keys and links to a model."""
    entity = registry.of(target)
    for model in apps.get_models():
        for column in (*model._meta.concrete_fields, *model._meta.many_to_many):
            if column.related_model is target:
                kind = LinkReference if column.many_to_many else ForeignKeyReference
                yield kind(model, column.name, entity.key if entity else "")


def pairs() -> Iterator[Reference]:
    """Yield the tables whose rows belong to a record by its type and id."""
    for model in apps.get_models():
        if {"entity", "record_id"} <= {column.name for column in model._meta.concrete_fields}:
            yield PairReference(model, "record_id", "")


def custom_references(entity: Entity) -> Iterator[Reference]:
    """Yield the custom fields that are relations to a type."""
    for other in registry.all_entities():
        for field in fields_of(other).values():
            if field.is_custom and field.target == entity.key:
                yield CustomReference(other.model, "custom", entity.key, field.key.removeprefix("custom."))


def setting_references(entity: Entity) -> Iterator[Reference]:
    """Yield the settings that are relations to a type."""
    for setting in settings.declared():
        if setting.field.target == entity.key:
            yield SettingReference(Setting, "value", entity.key, setting.field.key)


def parsed(stored: Any) -> Node:
    """Parse a stored filter. Return an empty one if it is no longer valid."""
    try:
        return from_json(stored or {})
    except QueryError:
        return All()


def tests_on(node: Node, over: Entity, target: Entity) -> Iterator[Test]:
    """Yield the conditions of a filter whose values are ids of a type's records."""
    if isinstance(node, Test):
        if target_of(over, node.field) == target.key:
            yield node
        return
    for item in [node.item] if isinstance(node, Not) else node.items:
        yield from tests_on(item, over, target)


def target_of(entity: Entity, name: str) -> str:
    """Return the target type of a filtered field, including fields of a related record, or "" for other fields."""
    fields = fields_of(entity)
    if field := fields.get(name):
        return field.target
    head, _, rest = name.partition(".")
    related = registry.find(fields[head].target) if rest and head in fields else None
    return target_of(related, rest) if related else ""


def with_other_id(node: Node, over: Entity, target: Entity, old: str, new: str) -> Node:
    """Return a filter with one record id replaced by another."""
    if isinstance(node, Test):
        if target_of(over, node.field) != target.key:
            return node
        values = dict.fromkeys(new if value == old else value for value in node.values)
        return Test(node.field, node.op, tuple(values))
    if isinstance(node, Not):
        return Not(with_other_id(node.item, over, target, old, new))
    items = tuple(with_other_id(item, over, target, old, new) for item in node.items)
    return AnyOf(items) if isinstance(node, AnyOf) else All(items)
