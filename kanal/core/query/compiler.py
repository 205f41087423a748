"""The meaning of a filter: compiles the tree to a condition on a type's records, for one reader."""

import datetime as dt
from dataclasses import dataclass, field, replace
from typing import Any as Value

from django.db.models import F, OrderBy, Q
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _

from kanal.core.access.condition import AccessCondition
from kanal.core.context import Context, today
from kanal.core.entity import Entity
from kanal.core.fields import Field
from kanal.core.fields.news import news_fields
from kanal.core.query import operators
from kanal.core.query.compiled import Subselect
from kanal.core.query.expressions import StartOfDay, comparable, in_main, negated, where_applicable
from kanal.core.query.relations import as_seen
from kanal.core.query.saved import SAVED, refuse_many_tests, saved_nodes
from kanal.core.query.tree import POSITIVE, All, Any, Node, Not, QueryError, Test


@dataclass
class FilterContext:
    """The reader of a filter, who determines the available fields, who `me` is, and what a day is (LIST-2).

    No user means system work, such as the splitter's, which uses days in the company's zone. `within` are the ids of
    the saved filters around a condition.
    """

    user: Value = None
    today: dt.date = field(default_factory=today)
    zone: dt.tzinfo = field(default_factory=timezone.get_current_timezone)
    within: tuple[int, ...] = ()

    @classmethod
    def company(cls) -> "FilterContext":
        """Return the context of work for the company, regardless of who started it: its zone and day."""
        context = Context.company()
        return cls(None, context.day, context.tzinfo)

    def fields(self, entity: Entity) -> dict[str, Field]:
        """Return the fields to filter and sort by."""
        from kanal.core import access

        return {**access.FieldContext(self.user, entity).askable, **news_fields(self.user, entity)}

    def columns(self, entity: Entity) -> dict[str, Field]:
        """Return the readable fields. One that is hidden on some records is empty there."""
        from kanal.core import access

        return {**access.FieldContext(self.user, entity).readable, **news_fields(self.user, entity)}

    def limit(self, key: str) -> tuple[Entity, AccessCondition] | None:
        """Return a related type with the condition for its visible records, or None if none are hidden."""
        from kanal.core import registry
        from kanal.core.access.condition import EVERYTHING
        from kanal.core.access.queryset import access_condition

        entity = registry.find(key) if key and self.user is not None else None
        condition = access_condition(self.user, entity) if entity is not None else EVERYTHING
        return (entity, condition) if entity is not None and condition is not EVERYTHING else None

    def records(self, entity: Entity) -> Value:
        """Return the records of a related type that a condition may use."""
        from kanal.core import access

        return entity.model._default_manager.all() if self.user is None else access.visible_to(self.user, entity)


def condition(node: Node, entity: Entity, reader: FilterContext) -> Q:
    """Compile a tree to a condition. Raise QueryError for unknown fields, operators and values, and too many tests."""
    refuse_many_tests(node)
    return combine(node, entity, reader)


def combine(node: Node, entity: Entity, reader: FilterContext) -> Q:
    """Compile a tree that has few enough tests."""
    if isinstance(node, All):
        combined = Q()
        for item in node.items:
            combined &= combine(item, entity, reader)
        return combined
    if isinstance(node, Any):
        return any_of([combine(item, entity, reader) for item in node.items])
    if isinstance(node, Not):
        return negated(combine(node.item, entity, reader))
    return test(node, entity, reader)


def any_of(items: list[Q]) -> Q:
    """Join by OR. An empty condition among them means everything."""
    if not all(items):
        return Q()
    combined = Q(pk__in=[])
    for item in items:
        combined |= item
    return combined


def test(node: Test, entity: Entity, reader: FilterContext) -> Q:
    """Compile one test to a condition. For a related field, only records visible to the reader count."""
    if node.field == SAVED:
        return saved_condition(node, entity, reader)
    field, rest = resolve_field(node.field, entity, reader)
    if not rest:
        if not field.filterable and field.type.category == "json":
            raise QueryError(_("The field “%(field)s” can't be filtered.") % {"field": node.field}, node.field)
        return operators.build(field, node, reader)
    target = target_entity(field, node.field)
    if node.op in POSITIVE:  # without an account, or with a hidden one, a record isn't in Norway either
        return negated(test(Test(node.field, POSITIVE[node.op], node.values), entity, reader))
    inner, limit = test(Test(rest, node.op, node.values), target, reader), reader.limit(target.key)
    return Q(**{f"{field.column}__in": Subselect(target.model, inner if limit is None else inner & limit[1].q)})


def saved_condition(node: Test, entity: Entity, reader: FilterContext) -> Q:
    """Compile the saved filters that a test names, for the same reader."""
    named = saved_nodes(node, entity, reader.user, reader.within)
    items = [combine(saved, entity, replace(reader, within=(*reader.within, pk))) for pk, saved in named]
    return negated(any_of(items)) if node.op in POSITIVE else any_of(items)


def resolve_field(path: str, entity: Entity, reader: FilterContext) -> tuple[Field, str]:
    """Return the field at the start of a path, and the rest of the path after a relation."""
    return find_among(reader.fields(entity), path)


def find_among(fields: dict[str, Field], path: str) -> tuple[Field, str]:
    """Return the field among some at the start of a path, and the rest of the path. Raise QueryError."""
    if path in fields:
        return fields[path], ""
    first, _dot, rest = path.partition(".")
    if first == "custom":
        key, _dot, rest = rest.partition(".")
        first = f"custom.{key}"
    if first not in fields or not rest or rest.count(".") > 1 or (rest.count(".") and not rest.startswith("custom.")):
        raise QueryError(_("There is no field “%(field)s”.") % {"field": path[:80]}, path[:80])
    return fields[first], rest


def target_entity(field: Field, path: str) -> Entity:
    """Return the target type of a relation."""
    from kanal.core import registry

    target = registry.find(field.target) if field.target and not field.is_custom else None
    if target is None:
        raise QueryError(_("There is no field “%(field)s”.") % {"field": path[:80]}, path[:80])
    return target


def order_of(sort: str, entity: Entity, reader: FilterContext) -> list[tuple[str, OrderBy]]:
    """Parse `-value,name` to (key, order) pairs, NULLs last, with the id at the end so that the order is total."""
    ordering: list[tuple[str, OrderBy]] = []
    for part in [part.strip() for part in sort.split(",") if part.strip()][:5]:
        key = part.removeprefix("-")
        expression = sort_expression(key, entity, reader)
        order = OrderBy(expression, descending=part.startswith("-"), nulls_last=True)
        if key not in [known for known, _order in ordering]:
            ordering.append((key, order))
    if "id" not in [key for key, _order in ordering]:
        descending = not ordering or ordering[-1][1].descending
        ordering.append(("id", OrderBy(F("pk"), descending=descending)))
    return ordering


def sort_expression(key: str, entity: Entity, reader: FilterContext) -> Value:
    """Return the sort expression of a field: a relation by its name, a choice from a table by its order."""
    field, rest = resolve_field(key, entity, reader)
    if rest:
        target, prefix = target_entity(field, key), f"{field.column}__"
        return as_seen(expression_of(resolve_field(rest, target, reader)[0], key, prefix, reader), field, reader)
    return expression_of(field, key, "", reader)


def expression_of(field: Field, key: str, prefix: str, reader: FilterContext) -> Value:
    """Return the sort expression of one field, with a prefix for its columns."""
    category = field.type.category
    if category in ("relations", "json", "choices") or not field.type.is_stored:
        raise QueryError(_("The field “%(field)s” can't be sorted by.") % {"field": key}, key)
    if category == "relation" and not field.is_custom:
        target = target_entity(field, key)
        title = next((candidate for candidate in reader.fields(target).values() if candidate.key == target.title), None)
        path = f"{prefix}{field.column}__"
        name = comparable(title, path) if title else F(f"{path}{target.title}")
        return as_seen(name, field, reader, prefix)
    if category == "relation":
        return where_applicable(as_seen(in_main(field, prefix), field, reader, prefix), field, prefix)
    if field.has_rows:
        return F(f"{prefix}{field.column}__position")
    if field.day:
        begins = StartOfDay(F(prefix + field.day), reader.zone)
        return Coalesce(begins, F(prefix + field.column), output_field=begins.output_field)
    return where_applicable(in_main(field, prefix), field, prefix)
