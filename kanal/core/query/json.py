"""The JSON form of a filter in the database: {"all": […]}, {"any": […]}, {"not": …}, or a test."""

from typing import Any as Value

from django.utils.translation import gettext as _

from kanal.core.query.tree import DEEPEST, MOST_TESTS, OPERATORS, All, Any, Node, Not, QueryError, Test


def to_json(node: Node) -> dict[str, Value]:
    """Convert a tree to JSON. A filter for everything is the empty object."""
    if node == All():
        return {}
    if isinstance(node, Test):
        return {"field": node.field, "op": node.op, "values": list(node.values)}
    if isinstance(node, Not):
        return {"not": to_json(node.item)}
    return {"any" if isinstance(node, Any) else "all": [to_json(item) for item in node.items]}


def from_json(data: Value) -> Node:
    """Convert JSON to a tree. The empty object means everything. Raise QueryError for an invalid filter."""
    node = parse_node(data, 0)
    if tests_in(node) > MOST_TESTS:
        raise QueryError(_("The filter has too many conditions: at most %(limit)s.") % {"limit": MOST_TESTS})
    return node


def tests_in(node: Node) -> int:
    """Count the conditions of a tree."""
    if isinstance(node, Test):
        return 1
    return tests_in(node.item) if isinstance(node, Not) else sum(tests_in(item) for item in node.items)


def parse_node(data: Value, depth: int) -> Node:
    """Parse one level of a tree."""
    if depth > DEEPEST:
        raise QueryError(_("The filter is nested too deeply: at most %(limit)s levels.") % {"limit": DEEPEST})
    if not isinstance(data, dict):
        raise QueryError(_("This is not a filter."))
    if not data:
        return All()
    if "not" in data:
        return Not(parse_node(data["not"], depth + 1))
    for key, node in (("all", All), ("any", Any)):
        if isinstance(data.get(key), list):
            return node(tuple(parse_node(item, depth + 1) for item in data[key]))
    return test_of(data)


def test_of(data: dict[str, Value]) -> Test:
    """Parse one condition."""
    field, values = data.get("field"), data.get("values", [])
    if data.get("op") not in OPERATORS or not isinstance(field, str) or not isinstance(values, list | tuple):
        raise QueryError(_("This is not a filter."))
    texts = tuple(str(value) for value in values)
    if "\x00" in field or any("\x00" in text for text in texts):
        raise QueryError(_("A value contains a character that can't be stored."))
    return Test(field, data["op"], texts)
