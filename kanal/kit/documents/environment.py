"""The sandbox that evaluates templates: a short allowlist of operations on plain values (DOC-4)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any, NoReturn

from jinja2 import StrictUndefined, Template, TemplateSyntaxError, nodes, pass_context
from jinja2.runtime import Context, LoopContext, Undefined
from jinja2.sandbox import ImmutableSandboxedEnvironment, SecurityError

from kanal.kit.documents.filters import FILTERS, format_value
from kanal.kit.documents.mistakes import TESTS
from kanal.kit.documents.refusals import Refusal

_PERMITTED_NODES = (
    *(nodes.Template, nodes.Output, nodes.TemplateData, nodes.For, nodes.If, nodes.Assign, nodes.Name),
    *(
        nodes.Getattr,
        nodes.Getitem,
        nodes.Slice,
        nodes.Const,
        nodes.List,
        nodes.Tuple,
        nodes.Filter,
        nodes.Test,
        nodes.Keyword,
    ),
    *(nodes.Compare, nodes.Operand, nodes.And, nodes.Or, nodes.Not, nodes.CondExpr, nodes.Concat),
    *(nodes.Add, nodes.Sub, nodes.Mul, nodes.Div, nodes.FloorDiv, nodes.Mod, nodes.Neg, nodes.Pos),
)
_LOOP = {
    "index",
    "index0",
    "revindex",
    "revindex0",
    "first",
    "last",
    "length",
    "previtem",
    "nextitem",
    "depth",
    "depth0",
}
_LARGEST = 10**30
_LONGEST = 100_000


class Sandbox(ImmutableSandboxedEnvironment):
    """Evaluate templates with access only to the passed values and our own filters."""

    intercepted_binops = frozenset(["+", "-", "*", "/", "//", "%", "**"])

    def __init__(self) -> None:
        super().__init__(autoescape=True, undefined=StrictUndefined, finalize=_finalize, cache_size=0)
        self.globals.clear()
        self.filters = dict(FILTERS)
        self.tests = {name: test for name, test in self.tests.items() if name in TESTS}
        self.language = "en"
        self.compiled: Callable[[str], Template] = lru_cache(maxsize=24)(super().from_string)

    def from_string(self, source: Any, *_args: Any, **_kwargs: Any) -> Template:
        """Return the compiled template, cached by its source."""
        return self.compiled(source)

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        tree = super()._parse(source, name, filename)
        for node in tree.find_all(nodes.Node):
            _check_node(node)
        return tree

    def getattr(self, obj: Any, attribute: str) -> Any:
        """Return an item of a plain mapping or an attribute of the loop. Nothing else has attributes."""
        if attribute.startswith("_"):
            raise SecurityError(attribute)
        if isinstance(obj, Undefined):
            return getattr(obj, attribute)
        if type(obj) is dict and attribute in obj:
            return obj[attribute]
        if isinstance(obj, LoopContext) and attribute in _LOOP:
            return getattr(obj, attribute)
        return self.undefined(obj=obj, name=attribute)

    def getitem(self, obj: Any, argument: Any) -> Any:
        """Return an item of a plain mapping or list, or a slice of a text."""
        if isinstance(obj, Undefined):
            return obj[argument]
        if type(obj) is dict and isinstance(argument, str):
            return self.getattr(obj, argument)
        if isinstance(obj, (list, str)) and isinstance(argument, (int, slice)):
            try:
                return obj[argument]
            except IndexError:
                pass
        return self.undefined(obj=obj, name=str(argument))

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        """Deny all attributes: `getattr` above handles the permitted ones."""
        return False

    def is_safe_callable(self, obj: Any) -> bool:
        """Deny all calls."""
        return False

    def call(self, context: Context, obj: Any, *args: Any, **kwargs: Any) -> NoReturn:
        """Reject every call."""
        raise SecurityError("a call")

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        """Compute with numbers and dates of moderate size and join short texts. Reject repetition."""
        both_numbers = _is_number(left) and _is_number(right)
        both_texts = type(left) is str and type(right) is str and operator == "+"
        both_dates = isinstance(left, date) and isinstance(right, date) and operator == "-"
        if operator == "**" or not (both_numbers or both_texts or both_dates):
            for operand in (left, right):
                if isinstance(operand, Undefined):
                    str(operand)
            raise SecurityError(f"{operator} with these values")
        if both_texts and len(left) + len(right) > _LONGEST:
            raise SecurityError("a text this long")
        if isinstance(left, Decimal) or isinstance(right, Decimal) or (operator == "/" and both_numbers):
            left, right = Decimal(left), Decimal(right)
        result = super().call_binop(context, operator, left, right)
        if _is_number(result) and abs(result) > _LARGEST:
            raise SecurityError("a number this large")
        return result


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, Decimal)) and not isinstance(value, bool)


def _check_node(node: nodes.Node) -> None:
    if not isinstance(node, _PERMITTED_NODES):
        raise TemplateSyntaxError(f"not permitted: {type(node).__name__.lower()}", node.lineno or 1)
    name = getattr(node, "attr", None) or getattr(node, "name", None)
    if isinstance(name, str) and name.startswith("_"):
        raise TemplateSyntaxError(f"not permitted: {name}", node.lineno or 1)
    if isinstance(node, nodes.For) and node.recursive:
        raise TemplateSyntaxError("not permitted: recursive", node.lineno or 1)


@pass_context
def _finalize(context: Context, value: Any) -> str:
    """Format a value for the language. None becomes empty; a group of values is an error."""
    if isinstance(value, (dict, list, tuple, LoopContext)):
        raise Refusal("not_a_value")
    return format_value(context, value)
