"""The JSON form of a filter, as it stands in the database: {"all": […]}, {"any": […]}, {"not": …}, or a test."""

from typing import Any as Value

from django.utils.translation import gettext as _

from kanal.core.query.tree import DEEPEST, OPERATORS, All, Any, Node, Not, QueryError, Test


def to_json(node: Node) -> dict[str, Value]:
    """Turn a tree into JSON; everything is the empty object."""
    if node == All():
        return {}
    if isinstance(node, Test):
        return {"field": node.field, "op": node.op, "values": list(node.values)}
    if isinstance(node, Not):
        return {"not": to_json(node.item)}
    return {"any" if isinstance(node, Any) else "all": [to_json(item) for item in node.items]}


def from_json(data: Value, depth: int = 0) -> Node:
    """Turn JSON into a tree; the empty object is everything. Raise QueryError where it is no filter."""
    if depth > DEEPEST:
        raise QueryError(_("The filter is nested too deeply: at most %(limit)s levels.") % {"limit": DEEPEST})
    if not isinstance(data, dict):
        raise QueryError(_("This is not a filter."))
    if not data:
        return All()
    if "not" in data:
        return Not(from_json(data["not"], depth + 1))
    for key, node in (("all", All), ("any", Any)):
        if key in data:
            return node(tuple(from_json(item, depth + 1) for item in data[key]))
    if data.get("op") not in OPERATORS or not isinstance(data.get("field"), str):
        raise QueryError(_("This is not a filter."))
    return Test(data["field"], data["op"], tuple(str(value) for value in data.get("values", ())))
