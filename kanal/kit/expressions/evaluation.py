"""Evaluation of a formula's tree with the values of its names."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal, DecimalException
from typing import Any

from django.utils.translation import gettext_lazy as _

from kanal.kit.errors import Invalid
from kanal.kit.expressions.functions import EXACT, FUNCTIONS
from kanal.kit.expressions.parsing import Expression
from kanal.kit.expressions.tree import Call, Constant, Name, Node, Operation
from kanal.kit.expressions.values import checked, coerce_value, day, number, short, text, truth

_ARITHMETIC = {"+": EXACT.add, "-": EXACT.subtract, "*": EXACT.multiply}
_DECIDED_HERE = {"and", "or", "not"}


def evaluate(expression: Expression, resolve: Callable[[str], Any], today: date | None = None) -> Any:
    """Return the result of a formula. `resolve` returns the value of a path (a list for related records).

    `today` is the current date of the reader. An empty operand makes an arithmetic result empty (None).
    Raises Invalid if the formula can't be computed.
    """
    run = _Run(resolve, today or datetime.now(UTC).date())
    try:
        return run.value(expression.tree)
    except DecimalException:
        raise Invalid(_("A number in the formula is too large.")) from None


class _Run:
    """Store the state of one evaluation. Each path is resolved once."""

    def __init__(self, resolve: Callable[[str], Any], today: date) -> None:
        self.resolve = resolve
        self.today = today
        self.known: dict[str, Any] = {}

    def value(self, node: Node) -> Any:
        if isinstance(node, Constant):
            return node.value
        if isinstance(node, Name):
            return self.named(node.path)
        return self.called(node) if isinstance(node, Call) else self.operated(node)

    def named(self, path: str) -> Any:
        if path not in self.known:
            self.known[path] = coerce_value(self.resolve(path))
        return self.known[path]

    def called(self, node: Call) -> Any:
        if node.function == "if":
            chosen = 1 if truth(self.value(node.arguments[0])) else 2
            return self.value(node.arguments[chosen]) if chosen < len(node.arguments) else None
        if node.function == "today":
            return self.today
        function = FUNCTIONS[node.function]
        arguments = [self.value(argument) for argument in node.arguments]
        if not function.of_empty and None in arguments:
            return None
        result = function.run(*arguments)
        return checked(result) if isinstance(result, Decimal) else result

    def operated(self, node: Operation) -> Any:
        if node.sign in _DECIDED_HERE:
            return self.decided(node)
        operands = [self.value(operand) for operand in node.operands]
        if node.sign == "&":
            return short(text(operands[0]) + text(operands[1]))
        if node.sign in _COMPARISONS:
            return _compared(node.sign, *operands)
        if None in operands:
            return None
        if node.sign in ("-x", "+x"):
            given = number(operands[0])
            return given.copy_negate() if node.sign == "-x" else given
        return _computed(node.sign, *operands)

    def decided(self, node: Operation) -> bool:
        first = truth(self.value(node.operands[0]))
        if node.sign == "not":
            return not first
        if first == (node.sign == "or"):
            return first
        return truth(self.value(node.operands[1]))


_COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    "=": lambda a, b: a == b,
    "<>": lambda a, b: a != b,
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
}


def _compared(sign: str, left: Any, right: Any) -> bool:
    left, right = _without_blank(left), _without_blank(right)
    if sign in ("=", "<>") and (left is None or right is None):
        return (left is None and right is None) == (sign == "=")
    if left is None or right is None:
        return False
    if isinstance(left, date) or isinstance(right, date):
        both_moments = isinstance(left, datetime) and isinstance(right, datetime)
        left, right = (left, right) if both_moments else (day(left), day(right))
    if type(left) is not type(right) or isinstance(left, list):
        raise Invalid(
            _("“%(left)s” and “%(right)s” can't be compared.") % {"left": text(left)[:40], "right": text(right)[:40]}
        )
    try:
        return _COMPARISONS[sign](left, right)
    except TypeError:
        return _COMPARISONS[sign](day(left), day(right))


def _without_blank(value: Any) -> Any:
    return None if value in ("", []) else value


def _computed(sign: str, left: Any, right: Any) -> Any:
    if isinstance(left, date) and sign in "+-":
        return _moved(sign, left, right)
    if sign in _ARITHMETIC:
        return checked(_ARITHMETIC[sign](number(left), number(right)))
    if not number(right):
        raise Invalid(_("A formula can't divide by zero."))
    if sign == "%":
        return FUNCTIONS["mod"].run(number(left), right)
    return checked(EXACT.divide(number(left), number(right)))


def _moved(sign: str, left: date, right: Any) -> Any:
    """Move a date by days, or return the days between two dates."""
    if isinstance(right, date) and sign == "-":
        return Decimal((day(left) - day(right)).days)
    return FUNCTIONS["adddays"].run(left, number(right) if sign == "+" else -number(right))
