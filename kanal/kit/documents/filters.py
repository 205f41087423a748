"""Template filters: format values for the language of the document."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation
from typing import Any

from babel.dates import format_date, format_datetime, format_time
from jinja2 import pass_context
from jinja2.runtime import Context, Undefined

from kanal.kit.documents.datepatterns import date_format, is_date_style
from kanal.kit.documents.refusals import Refusal
from kanal.kit.numbers import format_money, format_number, locale_of

MAX_PLACES = 12


def format_value(context: Context, value: Any) -> str:
    """Format any plain value for the document's language."""
    if isinstance(value, Undefined):
        return str(value)
    if value is None:
        return ""
    if isinstance(value, bool):
        return "✓" if value else "–"
    if isinstance(value, (int, Decimal)):
        return format_number(value, _language(context))
    if isinstance(value, date):
        return _datetime(context, value) if isinstance(value, datetime) else _date(context, value)
    return str(value)


def _language(context: Context) -> str:
    return str(getattr(context.environment, "language", "en"))


def _given(value: Any) -> Any:
    """Return the value. Fail for a token without one: a filter must never hide it."""
    if isinstance(value, Undefined):
        str(value)
    return value


def _is_empty(value: Any) -> bool:
    """Return whether a value is missing or hidden from the reader."""
    return _given(value) is None or (isinstance(value, str) and not value.strip())


def _number(value: Any) -> Decimal:
    try:
        return Decimal(_given(value))
    except (InvalidOperation, TypeError, ValueError):
        raise Refusal("not_a_number", value=str(value)[:40]) from None


def _moment(value: Any) -> date:
    if isinstance(_given(value), date):
        return value
    raise Refusal("not_a_date", value=str(value)[:40])


def _style(style: Any, kind: str) -> str:
    pattern = date_format(style)
    if pattern is None or not is_date_style(style, kind):
        raise Refusal("date_style", style=style)
    return pattern


@pass_context
def _money(context: Context, value: Any, currency: Any = None) -> str:
    """Format an amount in a currency, by default the quote's."""
    if _is_empty(value):
        return ""
    code = _quote_currency(context) if currency is None else _given(currency)
    if not code:
        return _as_number(context, value, 2)
    if not re.fullmatch(r"[A-Z]{3}", str(code)):
        raise Refusal("currency", currency=str(code)[:20])
    return format_money(_number(value), str(code), _language(context))


def _quote_currency(context: Context) -> Any:
    quote = context.get("quote")
    return quote.get("currency") if isinstance(quote, dict) else None


@pass_context
def _as_number(context: Context, value: Any, places: Any = None) -> str:
    if _is_empty(value):
        return ""
    if places is not None and not (isinstance(places, int) and 0 <= places <= MAX_PLACES):
        raise Refusal("decimals", limit=MAX_PLACES)
    return format_number(_number(value), _language(context), places)


@pass_context
def _percent(context: Context, value: Any) -> str:
    return "" if _is_empty(value) else f"{format_number(_number(value), _language(context))}\u00a0%"


@pass_context
def _date(context: Context, value: Any, style: Any = "medium") -> str:
    if _is_empty(value):
        return ""
    return format_date(_moment(value), _style(style, "date"), locale_of(_language(context)))


@pass_context
def _datetime(context: Context, value: Any, style: Any = "medium") -> str:
    if _is_empty(value):
        return ""
    moment = _moment(value)
    if not isinstance(moment, datetime):
        moment = datetime.combine(moment, time())
    return format_datetime(moment, _style(style, "datetime"), locale=locale_of(_language(context)))


@pass_context
def _time(context: Context, value: Any, style: Any = "short") -> str:
    if _is_empty(value):
        return ""
    moment = _moment(value)
    if not isinstance(moment, datetime):
        raise Refusal("not_a_date", value=str(value)[:40])
    return format_time(moment, _style(style, "time"), locale=locale_of(_language(context)))


def _on_text(change: Callable[[str], str]) -> Callable[..., str]:
    @pass_context
    def run(context: Context, value: Any) -> str:
        return change(format_value(context, _given(value)))

    return run


@pass_context
def _default(context: Context, value: Any, instead: Any = "") -> Any:
    """Return a replacement for an empty value. An unknown token remains an error."""
    return instead if _is_empty(value) else value


@pass_context
def _join(context: Context, value: Any, between: Any = ", ") -> str:
    if not isinstance(_given(value), list):
        return format_value(context, value)
    return str(between)[:20].join(format_value(context, item) for item in value if not isinstance(item, (dict, list)))


def _length(value: Any) -> int:
    return len(_given(value)) if isinstance(_given(value), (list, str, dict)) else 0


FILTERS: dict[str, Callable[..., Any]] = {
    "money": _money,
    "number": _as_number,
    "percent": _percent,
    "date": _date,
    "datetime": _datetime,
    "time": _time,
    "upper": _on_text(str.upper),
    "lower": _on_text(str.lower),
    "title": _on_text(str.title),
    "trim": _on_text(str.strip),
    "default": _default,
    "join": _join,
    "length": _length,
}
