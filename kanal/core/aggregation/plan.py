"""The parts of the statements of an aggregation, for its reader."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Value
from django.db.models.functions import NullIf

from kanal.core.aggregation.columns import columns_of_measure, currency_expression
from kanal.core.aggregation.definition import Aggregation, Dimension, Measure
from kanal.core.aggregation.dimensions import column_of_dimension, value_expression
from kanal.core.aggregation.terms import Term
from kanal.core.listing.columns import Column
from kanal.core.listing.query import ListQuery
from kanal.core.query import FilterContext


@dataclass
class Plan:
    """The measures visible to the reader with their terms, the dimensions with their columns, and the currencies.

    `distinct` counts distinct values. They can't be summed over currencies, so beside money they are counted apart.
    """

    query: ListQuery
    reader: FilterContext
    dimensions: list[tuple[Dimension, Column]]
    measures: dict[Measure, tuple[Term, ...]] = field(default_factory=dict)
    currencies: dict[str, Any] = field(default_factory=dict)
    distinct: dict[str, Any] = field(default_factory=dict)

    @property
    def terms(self) -> list[Term]:
        """Return the terms of all measures."""
        return [term for terms in self.measures.values() for term in terms]

    def add(self, measure: Measure, columns: tuple[Column, ...]) -> None:
        """Add a measure of these columns."""
        name = f"measure_{len(self.measures)}"
        if measure.function == "distinct":
            self.distinct[distinct_name(measure)] = Count(distinct_value(columns[0], self.reader), distinct=True)
            columns = ()
        if measure.function == "ratio":
            terms = [self.term(f"{name}_{part}", "sum", [column]) for part, column in enumerate(columns)]
        else:
            terms = [self.term(name, measure.function, columns)] if columns else []
        self.measures[measure] = tuple(terms)

    def term(self, name: str, function: str, columns: Iterable[Column]) -> Term:
        """Return the term of a function over a column, weighted by a second one. Columns of one currency share it."""
        column, *weight = columns
        currency = ""
        if column.category == "money":
            kind, holder = ("custom", column.field.name) if column.field.is_custom else ("of", column.field.currency)
            currency = f"currency_{kind}_{holder}"
            self.currencies[currency] = currency_expression(column)
        return Term(name, function, column, weight[0] if weight else None, currency)


def plan_of(aggregation: Aggregation) -> Plan:
    """Return the plan of an aggregation, without measures of fields hidden from the reader.

    Raise QueryError for a hidden dimension and for a field that can't be measured or grouped by like this.
    """
    query, entity, reader = aggregation.query, aggregation.query.entity, aggregation.query.reader
    dimensions = [(by, column_of_dimension(entity, by, reader)) for by in aggregation.dimensions]
    plan = Plan(query, reader, dimensions)
    for measure in dict.fromkeys(aggregation.measures):
        if (columns := columns_of_measure(entity, measure, reader)) is not None:
            plan.add(measure, columns)
    return plan


def distinct_name(measure: Measure) -> str:
    """Return the name of the statement's column that counts distinct values of a field."""
    return f"distinct_{measure.field.replace('.', '__')}"


def distinct_value(column: Column, reader: FilterContext) -> Any:
    """Return the expression whose distinct values are counted. An empty text isn't a value."""
    value = value_expression(column, reader)
    return NullIf(value, Value("")) if column.category == "text" and not column.field.is_custom else value
