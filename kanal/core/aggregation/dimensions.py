"""SQL expressions for grouping, and the group keys of values on a page."""

import datetime as dt
import json
from collections.abc import Iterable
from typing import Any

from django.db.models import Case, F, Func, Q, TextField, Value, When
from django.db.models.functions import Cast, Coalesce, Concat, NullIf
from django.db.models.lookups import IsNull
from django.utils import timezone
from django.utils.translation import gettext as _

from kanal.core.aggregation.definition import Dimension
from kanal.core.entity import Entity
from kanal.core.fields import Field
from kanal.core.listing.columns import Column, column_of
from kanal.core.query import FilterContext, QueryError
from kanal.core.query.expressions import LocalDay, StartOfPeriod, raw, where_applicable
from kanal.core.query.relations import as_seen
from kanal.kit import zones
from kanal.kit.zones import Span

DATES = ("date", "datetime")


def column_of_dimension(entity: Entity, dimension: Dimension, reader: FilterContext) -> Column:
    """Return the column to group by. Raise QueryError if it is hidden from the reader or can't be grouped."""
    column = column_of(entity, dimension.field, reader)
    if not column.is_sortable or (dimension.bucket and column.category not in DATES):
        raise QueryError(_("The list can't be grouped by “%(field)s”.") % {"field": column.label}, dimension.field)
    return column


def dimension_expression(dimension: Dimension, column: Column, reader: FilterContext) -> Any:
    """Return the expression to group by."""
    if not dimension.bucket:
        return value_expression(column, reader, span_of_keys(column, dimension.only))
    return StartOfPeriod(value_expression(column, reader), dimension.bucket)


def span_of_keys(column: Column, keys: Iterable[Any]) -> Span | None:
    """Return the span of moments in some days, so that the statement contains few changes of the UTC offset."""
    return zones.span_of(key for key in keys if key is not None) if column.category == "datetime" else None


def value_expression(column: Column, reader: FilterContext, span: Span | None = None) -> Any:
    """Return a column's value: for moments the reader's day, nothing if a relation is hidden from the reader."""
    field, prefix = column.field, f"{column.via.column}__" if column.via else ""
    value = where_applicable(raw(field, prefix), field, prefix) if field.is_custom else F(prefix + field.columns()[0])
    if field.type.category == "datetime":
        value = LocalDay(value, reader.zone, span)
        value = Coalesce(F(f"{prefix}{field.day}"), value) if field.day else value
    if is_blank_choice(field):
        value = NullIf(value, Value(""))
    if field.type.category == "money" and not field.is_custom:
        value = amount_with_currency(value, F(prefix + field.currency))
    if field.type.category == "relation" and field.key != "id":
        value = as_seen(value, field, reader, prefix)
    return as_seen(value, column.via, reader) if column.via else value


def amount_with_currency(amount: Any, currency: Any) -> Any:
    """Return an amount and its currency as one text, such as "10.5 EUR": ten euros are no ten kroner."""
    number = Cast(Func(amount, function="trim_scale"), TextField())
    text = Concat(number, Value(" ", TextField()), Cast(currency, TextField()))
    return Case(When(IsNull(amount, False), then=text), output_field=TextField())


def is_blank_choice(field: Field) -> bool:
    """Return whether a field is a choice stored as an empty text if nothing is chosen."""
    return field.type.category == "choice" and not (field.is_custom or field.has_rows or field.required)


def group_key(column: Column, value: Any) -> Any:
    """Return the group key of a value on a page. A moment without a bucket becomes its day."""
    field = column.field
    if value is None or value == "":
        return "" if value == "" and field.type.category == "text" and not field.is_custom else None
    if field.type.category == "datetime":
        return timezone.localdate(value) if isinstance(value, dt.datetime) else value
    if field.is_custom:
        dumped = field.dump(value)
        return dumped if isinstance(dumped, str) else json.dumps(dumped)
    if field.has_rows:
        row = field.table.by_key(value, field.group)
        return row.pk if row else None
    return f"{value.amount.normalize():f} {value.currency}" if field.type.category == "money" else value


def among(name: str, keys: tuple[Any, ...]) -> Q:
    """Return the condition that an annotation is one of some keys, or any if none are given."""
    if not keys:
        return Q()
    wanted = Q(**{f"{name}__in": [key for key in keys if key is not None]})
    return wanted | Q(**{f"{name}__isnull": True}) if None in keys else wanted
