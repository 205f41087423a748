"""The syntax tree of a filter. Its notations are in text.py and json.py, its meaning is in compiler.py."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

OPERATORS = (
    "is", "not", "any", "none", "empty", "set", "contains", "starts", "gt", "lt",
    "between", "on", "before", "after", "within", "older",
)  # fmt: skip
POSITIVE = {"not": "is", "none": "any", "empty": "set"}  # the opposite of each negative operator
DEEPEST = 20
MOST_TESTS = 200
LONGEST = 20_000


class QueryError(ValueError):
    """An error in a filter or a sort. `field` names the affected field, if any."""

    def __init__(self, message: object, field: str = "") -> None:
        super().__init__(str(message))
        self.field = field


@dataclass(frozen=True)
class Test:
    """One condition: a field (one relation away by a dot), an operator and its values."""

    field: str
    op: str
    values: tuple[str, ...] = ()


def wrong_value(test: Test, value: str) -> QueryError:
    """Return the error for an invalid value."""
    message = _("“%(value)s” is not a valid value for the field “%(field)s”.")
    return QueryError(message % {"value": value[:80], "field": test.field}, test.field)


@dataclass(frozen=True)
class All:
    """All of several conditions. Without any, it means everything."""

    items: tuple[Node, ...] = ()


@dataclass(frozen=True)
class Any:
    """At least one of several conditions."""

    items: tuple[Node, ...] = ()


@dataclass(frozen=True)
class Not:
    """The opposite of a condition."""

    item: Node


Node = Test | All | Any | Not


def join(*nodes: Node | None) -> Node:
    """Join conditions by AND into one flat tree, omitting None and empty ones."""
    items: list[Node] = []
    for node in nodes:
        if isinstance(node, All):
            items += node.items
        elif node is not None:
            items.append(node)
    return items[0] if len(items) == 1 else All(tuple(items))
