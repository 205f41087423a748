"""Measures of a list's records by up to two dimensions: the only implementation for totals, boards and overviews."""

from kanal.core.aggregation.columns import is_summed, sums_of
from kanal.core.aggregation.definition import Aggregation, Dimension, Measure
from kanal.core.aggregation.dimensions import group_key
from kanal.core.aggregation.execute import aggregate, takes_long
from kanal.core.aggregation.result import AggregationResult, Group, Measurement

__all__ = [
    "Aggregation",
    "AggregationResult",
    "Dimension",
    "Group",
    "Measure",
    "Measurement",
    "aggregate",
    "group_key",
    "is_summed",
    "sums_of",
    "takes_long",
]
