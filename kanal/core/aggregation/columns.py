"""Measured fields visible to the reader, and the SQL expressions of their amounts."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.db.models import ExpressionWrapper, F, Value
from django.db.models.fields.json import KeyTextTransform
from django.utils.translation import gettext as _

from kanal.core.aggregation.definition import Measure
from kanal.core.entity import Entity
from kanal.core.listing.columns import Column, column_of
from kanal.core.query import FilterContext, QueryError
from kanal.core.query.expressions import NUMBER, AsNumber, currency_of, raw, raw_json, where_applicable

NOT_SUMMED = ("percent",)
HUNDREDTH = Decimal("0.01")


def is_summed(column: Column) -> bool:
    """Return whether a column has a total."""
    return is_measured(column) and column.field.type.key not in NOT_SUMMED


def is_measured(column: Column) -> bool:
    """Return whether a column has amounts of its own type that the reader sees on all records."""
    return column.is_numeric and not (column.via or column.field.mask or column.key == "id")


def sums_of(columns: Iterable[Column]) -> tuple[Measure, ...]:
    """Return the measures of a totals row: the sum of each summable column."""
    return tuple(Measure("sum", column.key) for column in columns if is_summed(column))


def columns_of_measure(entity: Entity, measure: Measure, reader: FilterContext) -> tuple[Column, ...] | None:
    """Return the columns of a measure, or None if one is hidden from the reader. Raise QueryError for a misfit."""
    try:
        columns = tuple(column_of(entity, key, reader) for key in (measure.field, measure.by) if key)
    except QueryError:
        return None
    if any(column.own.mask or column.field.mask for column in columns):
        return None
    if not all(fits(measure, column) for column in columns):
        raise QueryError(_("The field “%(field)s” can't be measured like this.") % {"field": measure.field})
    return columns


def fits(measure: Measure, column: Column) -> bool:
    """Return whether a column fits a measure."""
    if measure.function == "distinct":
        return column.is_sortable
    if measure.function == "weighted" and column.key == measure.by:
        return is_measured(column) and column.category == "number"
    return is_summed(column) if measure.function in ("sum", "ratio", "weighted") else is_measured(column)


def amount_of(column: Column) -> Any:
    """Return the amount of a column in its own currency, or its number."""
    field = column.field
    if not field.is_custom:
        return F(field.column)
    amount = KeyTextTransform("amount", raw_json(field)) if column.category == "money" else raw(field)
    return where_applicable(AsNumber(amount), field)


def currency_expression(column: Column) -> Any:
    """Return the currency of a money column."""
    field = column.field
    return where_applicable(currency_of(field), field) if field.is_custom else F(field.currency)


def weighted_by(amount: Any, weight: Column | None) -> Any:
    """Return an amount multiplied by the value of a column."""
    if weight is None:
        return amount
    product = amount * amount_of(weight)
    if weight.field.type.key == "percent":
        product *= Value(HUNDREDTH, output_field=NUMBER)
    return ExpressionWrapper(product, output_field=NUMBER)
