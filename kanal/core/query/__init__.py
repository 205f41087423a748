"""The filter language (LIST-2): one tree, its text in URLs and API, its JSON in the database, its SQL condition."""

from kanal.core.query.compiler import FilterContext, condition, order_of
from kanal.core.query.json import from_json, to_json
from kanal.core.query.text import format_filter, parse
from kanal.core.query.tree import All, Any, Node, Not, QueryError, Test, join

__all__ = [
    "All",
    "Any",
    "FilterContext",
    "Node",
    "Not",
    "QueryError",
    "Test",
    "condition",
    "format_filter",
    "from_json",
    "join",
    "order_of",
    "parse",
    "to_json",
]  # fmt: skip
