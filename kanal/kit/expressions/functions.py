"""The functions that formulas may call. Nothing else is callable."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_EVEN, Context, Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from kanal.kit.dates import add_months, quarter_of
from kanal.kit.errors import Invalid
from kanal.kit.expressions import values
from kanal.kit.expressions.values import day, flat, number, short, text, whole

EXACT = Context(prec=50, rounding=ROUND_HALF_EVEN)
MANY = 50


@dataclass(frozen=True)
class Function:
    """Describe a function: its usage, and how it evaluates its arguments.

    `of_empty`: the function accepts empty arguments. Otherwise any empty argument makes the result empty.
    """

    name: str
    usage: str
    run: Callable[..., Any]
    least: int
    most: int
    of_empty: bool = False


def _sum(*arguments: Any) -> Decimal:
    total = Decimal(0)
    for item in flat(arguments):
        total = EXACT.add(total, number(item))
    return total


def _average(*arguments: Any) -> Decimal | None:
    values = flat(arguments)
    return EXACT.divide(_sum(values), Decimal(len(values))) if values else None


def _extreme(choose: Callable[..., Any]) -> Callable[..., Any]:
    def run(*arguments: Any) -> Any:
        values = flat(arguments)
        if any(isinstance(item, date) for item in values):
            values = [day(item) for item in values]
        elif not all(isinstance(item, str) for item in values):
            values = [number(item) for item in values]
        return choose(values) if values else None

    return run


def _rounded(value: Any, places: Any = Decimal(0), rounding: str = ROUND_HALF_EVEN) -> Decimal:
    unit = Decimal(1).scaleb(-whole(places, largest=12))
    return number(value).quantize(unit, rounding=rounding, context=EXACT)


def _remainder(value: Any, divisor: Any) -> Decimal:
    by = number(divisor)
    if not by:
        raise Invalid(_("A formula can't divide by zero."))
    return value - by * EXACT.divide(number(value), by).to_integral_value(ROUND_FLOOR)


def _middle(value: Any, start: Any, count: Any) -> str:
    first = max(whole(start) - 1, 0)
    return text(value)[first : first + max(whole(count), 0)]


def _replace(value: Any, old: Any, new: Any) -> str:
    if not text(old):
        return text(value)
    count = text(value).count(text(old))
    if len(text(value)) + count * len(text(new)) > 2 * values.MAX_TEXT:
        raise Invalid(_("A text in the formula is too long."))
    return short(text(value).replace(text(old), text(new)))


def _date(year: Any, month: Any, of_month: Any) -> date:
    try:
        return date(whole(year), whole(month), whole(of_month))
    except ValueError:
        raise Invalid(_("A formula results in a date that does not exist.")) from None


def _add_days(value: Any, count: Any) -> date:
    try:
        return day(value) + timedelta(days=whole(count))
    except OverflowError:
        raise Invalid(_("This date is out of range.")) from None


def _coalesce(*arguments: Any) -> Any:
    return next((item for item in arguments if item is not None and item not in ("", [])), None)


def _left(value: Any, count: Any) -> str:
    return text(value)[: max(whole(count), 0)]


def _right(value: Any, count: Any) -> str:
    kept = max(whole(count), 0)
    return text(value)[-kept:] if kept else ""


def _in(value: Any, *choices: Any) -> bool:
    return any(value == choice for choice in flat(choices))


def _never(*_arguments: Any) -> Any:
    raise AssertionError("decided while evaluating")


_ALL = [
    Function("if", "if(condition, value, otherwise)", _never, 2, 3),
    Function("today", "today()", _never, 0, 0),
    Function("coalesce", "coalesce(value, …)", _coalesce, 1, MANY, of_empty=True),
    Function("isempty", "isempty(value)", lambda value: value is None or value in ("", []), 1, 1, of_empty=True),
    Function("in", "in(value, choice, …)", _in, 2, MANY, of_empty=True),
    Function("sum", "sum(values, …)", _sum, 1, MANY, of_empty=True),
    Function("count", "count(values, …)", lambda *a: Decimal(len(flat(a))), 1, MANY, of_empty=True),
    Function("min", "min(values, …)", _extreme(min), 1, MANY, of_empty=True),
    Function("max", "max(values, …)", _extreme(max), 1, MANY, of_empty=True),
    Function("average", "average(values, …)", _average, 1, MANY, of_empty=True),
    Function("round", "round(number, places)", _rounded, 1, 2),
    Function("floor", "floor(number)", lambda value: _rounded(value, Decimal(0), ROUND_FLOOR), 1, 1),
    Function("ceiling", "ceiling(number)", lambda value: _rounded(value, Decimal(0), ROUND_CEILING), 1, 1),
    Function("abs", "abs(number)", lambda value: abs(number(value)), 1, 1),
    Function("mod", "mod(number, divisor)", _remainder, 2, 2),
    Function("number", "number(text)", values.to_number, 1, 1, of_empty=True),
    Function("text", "text(value)", text, 1, 1, of_empty=True),
    Function("concat", "concat(text, …)", lambda *a: short("".join(map(text, a))), 1, MANY, of_empty=True),
    Function("upper", "upper(text)", lambda value: text(value).upper(), 1, 1),
    Function("lower", "lower(text)", lambda value: text(value).lower(), 1, 1),
    Function("trim", "trim(text)", lambda value: " ".join(text(value).split()), 1, 1),
    Function("length", "length(text)", lambda value: Decimal(len(text(value))), 1, 1, of_empty=True),
    Function("left", "left(text, count)", _left, 2, 2),
    Function("right", "right(text, count)", _right, 2, 2),
    Function("mid", "mid(text, start, count)", _middle, 3, 3),
    Function("replace", "replace(text, old, new)", _replace, 3, 3),
    Function("contains", "contains(text, part)", lambda a, b: text(b).lower() in text(a).lower(), 2, 2, of_empty=True),
    Function("startswith", "startswith(text, part)", lambda a, b: text(a).lower().startswith(text(b).lower()), 2, 2),
    Function("endswith", "endswith(text, part)", lambda a, b: text(a).lower().endswith(text(b).lower()), 2, 2),
    Function("date", "date(year, month, day)", _date, 3, 3),
    Function("year", "year(date)", lambda value: Decimal(day(value).year), 1, 1),
    Function("quarter", "quarter(date)", lambda value: Decimal(quarter_of(day(value))), 1, 1),
    Function("month", "month(date)", lambda value: Decimal(day(value).month), 1, 1),
    Function("day", "day(date)", lambda value: Decimal(day(value).day), 1, 1),
    Function("weekday", "weekday(date)", lambda value: Decimal(day(value).isoweekday()), 1, 1),
    Function("days", "days(from, to)", lambda a, b: Decimal((day(b) - day(a)).days), 2, 2),
    Function("adddays", "adddays(date, count)", _add_days, 2, 2),
    Function("addmonths", "addmonths(date, count)", lambda a, b: add_months(day(a), whole(b, 120_000)), 2, 2),
]
FUNCTIONS = {function.name: function for function in _ALL}
