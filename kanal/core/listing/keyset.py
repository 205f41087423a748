"""Keyset paging: the sort keys of a list, and the condition for rows after a position.

A list sorted by several keys, empty values last, costs the same on page 1 and on page 20,000: the condition is
an index range wherever the keys have the same direction.
"""

import datetime as dt
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import BooleanField, Expression, F, OrderBy, Q, QuerySet, Subquery, Value
from django.db.models.lookups import Exact, GreaterThan, IsNull, LessThan

from kanal.core.entity import Entity
from kanal.core.fields import Field
from kanal.core.query import FilterContext, QueryError
from kanal.core.query.compiler import resolve_field, sort_expression, target_entity

MOST_KEYS = 5
MOST_STEPS = 20


@dataclass(frozen=True)
class Bucket:
    """The options at one position of their order, and the condition for the records with them."""

    place: int
    records: Q


@dataclass(frozen=True)
class Days:
    """The columns of a moment and of the whole day that replaces it, and the zone in which days begin."""

    moment: str
    day: str
    zone: dt.tzinfo


@dataclass(frozen=True)
class Key:
    """One sort key. `via` is the column of the relation for a related field, `inner` its expression there.

    `rows` are the visible related records.

    `falls`: its index is descending with NULLs last. Read in the other direction, that index has NULLs first.
    `steps`: the few positions of an order of options. Each is read separately.
    `days`: the columns of a moment that may be a whole day (see `days.py`).
    """

    key: str
    expression: Any
    descending: bool
    nullable: bool = True
    via: str = ""
    rows: Any = None
    inner: Any = None
    falls: bool = False
    steps: tuple[Bucket, ...] = ()
    days: Days | None = None

    def turned(self) -> "Key":
        """Return the key in the opposite direction, to read backwards."""
        return replace(self, descending=not self.descending)

    def order_within(self, name: str) -> OrderBy:
        """Return the order if all or none of the rows are empty: as in the index, in either direction."""
        last, first = (True, None) if self.descending == self.falls else (None, True)
        return OrderBy(F(name), descending=self.descending, nulls_last=last, nulls_first=first)

    def order(self, name: str, *, backwards: bool = False) -> OrderBy:
        """Return the order with empty values last, or first when read backwards."""
        if not self.nullable:
            return OrderBy(F(name), descending=self.descending)
        last, first = (None, True) if backwards else (True, None)
        return OrderBy(F(name), descending=self.descending, nulls_last=last, nulls_first=first)


def sort_keys(sort: str, entity: Entity, reader: FilterContext) -> list[Key]:
    """Parse a sort such as `-value,name`. The id comes last, so that the order is total. Raise QueryError."""
    keys_by_name: dict[str, Key] = {}
    for part in [part.strip() for part in sort.split(",") if part.strip()][:MOST_KEYS]:
        key = part.removeprefix("-")
        keys_by_name.setdefault(key, key_of(key, part.startswith("-"), entity, reader))
    if "id" not in keys_by_name:
        last = list(keys_by_name.values())[-1].descending if keys_by_name else True
        keys_by_name["id"] = Key("id", F("pk"), last, nullable=False)
    return list(keys_by_name.values())[: list(keys_by_name).index("id") + 1]


def key_of(key: str, descending: bool, entity: Entity, reader: FilterContext) -> Key:
    """Build one sort key."""
    if key == "id":
        return Key("id", F("pk"), descending, nullable=False)
    expression = sort_expression(key, entity, reader)
    field, rest = resolve_field(key, entity, reader)
    if field.type.category == "relation" and not field.is_custom:
        target = target_entity(field, key)
        try:
            inner = sort_expression(rest or target.title, target, reader)
        except QueryError:
            inner = F(target.title)
        return Key(key, expression, descending, True, f"{field.column}_id", reader.records(target), inner)
    if field.day and not rest:
        days = Days(field.column, field.day, reader.zone)
        return Key(key, expression, descending, falls=index_is_desc(entity, field), days=days)
    nullable = may_be_nothing(entity, field)
    steps = () if nullable or rest or not field.has_rows else buckets_of(field)
    return Key(key, expression, descending, nullable, falls=index_is_desc(entity, field), steps=steps)


def annotation_names(keys: list[Key]) -> list[str]:
    """Return the names of the annotations for the sort keys."""
    return ["pk" if key.key == "id" else f"sort_key_{place}" for place, key in enumerate(keys)]


def annotated(records: QuerySet, keys: list[Key]) -> QuerySet:
    """Annotate records with the sort keys."""
    pairs = zip(annotation_names(keys), keys, strict=True)
    return records.annotate(**{name: key.expression for name, key in pairs if name != "pk"})


def ordered(records: QuerySet, keys: list[Key], *, backwards: bool = False) -> QuerySet:
    """Sort records by annotated keys."""
    turned = [key.turned() for key in keys] if backwards else keys
    return records.order_by(
        *(key.order(name, backwards=backwards) for name, key in zip(annotation_names(keys), turned, strict=True))
    )


def buckets_of(field: Field) -> tuple[Bucket, ...]:
    """Return the positions of a field's options in order, or nothing if there are too many to read one by one."""
    ids: dict[int, list[int]] = {}
    for row in field.table.rows():
        ids.setdefault(row.position, []).append(row.pk)
    if len(ids) > MOST_STEPS:
        return ()
    return tuple(Bucket(place, Q(**{f"{field.column}_id__in": ids[place]})) for place in sorted(ids))


def index_is_desc(entity: Entity, field: Field) -> bool:
    """Return whether the index for sorting by a field is descending, as for custom fields."""
    if field.is_custom:
        return True
    name = field.converted if field.type.category == "money" and field.converted else field.column
    for index in entity.model._meta.indexes:
        first = index.expressions[0] if index.expressions else None
        if isinstance(first, OrderBy) and first.descending and getattr(first.expression, "name", "") == name:
            return True
    return False


def may_be_nothing(entity: Entity, field: Field) -> bool:
    """Return whether a field is nullable. An index without NULLS LAST only serves those that aren't."""
    if field.is_custom:
        return True
    name = field.converted if field.type.category == "money" and field.converted else field.column
    return bool(entity.model._meta.get_field(name).null)


class RowComparison(Expression):
    """PostgreSQL's row comparison, `(a, b) > (1, 2)`: one range of an index on (a, b)."""

    output_field = BooleanField()
    conditional = True

    def __init__(self, left: list[Any], operator: str, right: list[Any]) -> None:
        super().__init__()
        self.left, self.operator, self.right = left, operator, right

    def get_source_expressions(self) -> list:
        """Return both sides."""
        return [*self.left, *self.right]

    def set_source_expressions(self, exprs: Any) -> None:
        """Set both sides."""
        self.left, self.right = exprs[: len(self.left)], exprs[len(self.left) :]

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        """Return the SQL of the comparison."""
        parts, params = [], []
        for side in (self.left, self.right):
            compiled = [compiler.compile(expression) for expression in side]
            parts.append(", ".join(sql for sql, _params in compiled))
            params += [param for _sql, some in compiled for param in some]
        return f"(({parts[0]}) {self.operator} ({parts[1]}))", params


def bound(key: Key, value: Any) -> Any:
    """Return the value to compare a key with. For a related record the cursor only contains the id."""
    if value is None or not key.via or key.rows is None:
        return None if value is None else Value(value)
    return Subquery(key.rows.filter(pk=value).values(found=key.inner))


def after_cursor(keys: list[Key], values: list[Any], *, backwards: bool = False) -> list[Q]:
    """Return the ranges after a position, in reading order.

    Empty values are at the end of their key, so they are a separate range after (read backwards: before) the rest.
    """
    first, value = keys[0], values[0]
    empty = Q(IsNull(first.expression, True))
    if value is None:
        inside = empty & chain(keys[1:], values[1:], backwards=backwards)
        return [inside, ~empty] if backwards else [inside]
    inside = chain(keys, values, backwards=backwards, apart=True)
    return [inside, empty] if first.nullable and not backwards else [inside]


def stepwise(keys: list[Key], values: list[Any], *, backwards: bool = False) -> list[Q]:
    """Return the ranges of a sort by the order of options, one option after the other.

    Within each option the other keys are an index range, as on a board.
    """
    first, rest = keys[0], keys[1:]
    all_of_it = full_range(rest)[:: -1 if backwards else 1]
    conditions: list[Q] = []
    for step in reversed(first.steps) if first.descending else first.steps:
        if not values or ((step.place > values[0]) != first.descending and step.place != values[0]):
            conditions += [step.records & condition for condition in all_of_it]
        elif step.place == values[0]:
            conditions += [
                step.records & condition for condition in after_cursor(rest, values[1:], backwards=backwards)
            ]
    return conditions


def full_range(keys: list[Key]) -> list[Q]:
    """Return the ranges of a list read from its beginning: rows with a first key, then rows without."""
    if not keys[0].nullable:
        return [Q()]
    empty = Q(IsNull(keys[0].expression, True))
    return [~empty, empty]


def chain(keys: list[Key], values: list[Any], *, backwards: bool, apart: bool = False) -> Q:
    """Return one condition for rows after a position. With `apart`, rows without the first key are read separately."""
    same_way = len({key.descending for key in keys}) == 1
    if same_way and None not in values and not any(key.nullable for key in keys[int(apart) :]):
        operator = "<" if keys[0].descending else ">"
        sides = [key.expression for key in keys], [bound(key, value) for key, value in zip(keys, values, strict=True)]
        return Q(RowComparison(sides[0], operator, sides[1]))
    condition, equal = Q(pk__in=[]), Q()
    for place, (key, value) in enumerate(zip(keys, values, strict=True)):
        further = after_value(key, value, alone=apart and place == 0, backwards=backwards)
        condition |= equal & further if equal else further
        same = IsNull(key.expression, True) if value is None else Exact(key.expression, bound(key, value))
        equal &= Q(same)
    return condition


def after_value(key: Key, value: Any, *, alone: bool, backwards: bool) -> Q:
    """Return the condition for rows after one key's value, with empty values at the end."""
    empty = Q(IsNull(key.expression, True))
    if value is None:
        return ~empty if backwards else Q(pk__in=[])
    lookup = LessThan if key.descending else GreaterThan
    condition = Q(lookup(key.expression, bound(key, value)))
    return condition if alone or backwards or not key.nullable else condition | empty
