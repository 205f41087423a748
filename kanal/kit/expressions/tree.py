"""The nodes of a parsed formula, and limits on its size."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

MAX_LENGTH = 2000
MAX_NODES = 400
MAX_DEPTH = 60


@dataclass(frozen=True, slots=True)
class Constant:
    """A literal value in the formula."""

    value: Decimal | str | bool | None


@dataclass(frozen=True, slots=True)
class Name:
    """The path of a field, such as "amount" or "quotes.total"."""

    path: str


@dataclass(frozen=True, slots=True)
class Operation:
    """An operator with one or two operands."""

    sign: str
    operands: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Call:
    """A call of a listed function."""

    function: str
    arguments: tuple[Node, ...]


Node = Constant | Name | Operation | Call


def children(node: Node) -> tuple[Node, ...]:
    """Return the direct child nodes."""
    if isinstance(node, Operation):
        return node.operands
    return node.arguments if isinstance(node, Call) else ()


def walk(node: Node) -> list[tuple[Node, int]]:
    """Return every node with its depth, without recursion."""
    nodes: list[tuple[Node, int]] = []
    waiting = [(node, 1)]
    while waiting:
        current, depth = waiting.pop()
        nodes.append((current, depth))
        waiting += [(child, depth + 1) for child in children(current)]
    return nodes
