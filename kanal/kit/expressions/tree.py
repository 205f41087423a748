"""The nodes of a parsed formula, and how large a formula may be."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

MAX_LENGTH = 2000
MAX_NODES = 400
MAX_DEPTH = 60


@dataclass(frozen=True, slots=True)
class Constant:
    """Hold a value written in the formula."""

    value: Decimal | str | bool | None


@dataclass(frozen=True, slots=True)
class Name:
    """Hold the path of a field, such as "amount" or "quotes.total"."""

    path: str


@dataclass(frozen=True, slots=True)
class Operation:
    """Hold an operator with one or two operands."""

    sign: str
    operands: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Call:
    """Hold a call of a listed function."""

    function: str
    arguments: tuple[Node, ...]


Node = Constant | Name | Operation | Call


def children(node: Node) -> tuple[Node, ...]:
    """Return the nodes directly below."""
    if isinstance(node, Operation):
        return node.operands
    return node.arguments if isinstance(node, Call) else ()


def walk(node: Node) -> list[tuple[Node, int]]:
    """List every node with its depth, without recursion."""
    nodes: list[tuple[Node, int]] = []
    waiting = [(node, 1)]
    while waiting:
        current, depth = waiting.pop()
        nodes.append((current, depth))
        waiting += [(child, depth + 1) for child in children(current)]
    return nodes
