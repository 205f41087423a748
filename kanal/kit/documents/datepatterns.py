"""Date formats in documents: four named styles, Unicode CLDR patterns, or strftime patterns."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from babel.dates import format_date, format_datetime, format_time

STYLES = ("short", "medium", "long", "full")
_LONGEST = 40
# Letters of CLDR patterns for days or times. "Y" (week year) and "D" (day of the year) are
# nearly always typed by mistake for "y" and "d".
_PERMITTED = set("yMLdEecQqwWaBhHkKmsSzZxXGu")
_LITERAL = re.compile(r"'[^']*'")
_STRFTIME = {
    "d": "dd", "e": "d", "m": "MM", "y": "yy", "Y": "yyyy", "B": "MMMM", "b": "MMM", "A": "EEEE", "a": "EEE",
    "H": "HH", "I": "hh", "M": "mm", "S": "ss", "p": "a",
}  # fmt: skip


def is_date_style(style: Any, kind: str = "date") -> bool:
    """Return whether a filter of this kind ("date", "datetime", "time") supports this style."""
    pattern = date_format(style)
    if pattern is None:
        return False
    try:
        _WRITERS[kind](datetime(2026, 1, 31, 13, 5, tzinfo=UTC), pattern, locale="en")
    except (AttributeError, KeyError, ValueError, TypeError):
        return False
    return True


def date_format(style: Any) -> str | None:
    """Return the named style or CLDR pattern for a style, or None if it isn't one."""
    if style in STYLES:
        return str(style)
    if not isinstance(style, str) or not 0 < len(style) <= _LONGEST:
        return None
    pattern = _from_strftime(style) if "%" in style else style
    if pattern is None:
        return None
    letters = {letter for letter in _LITERAL.sub("", pattern) if letter.isalpha() and letter.isascii()}
    return pattern if letters and letters <= _PERMITTED else None


def _from_strftime(style: str) -> str | None:
    out = []
    for literal, code in re.findall(r"([^%]+)|%-?(.)", style):
        if code and code not in _STRFTIME:
            return None
        out.append(_STRFTIME[code] if code else re.sub(r"[^\W\d_]+", r"'\g<0>'", literal))
    return "".join(out)


def _write_date(moment: datetime, style: str, locale: str) -> str:
    return format_date(moment.date(), style, locale)


_WRITERS: dict[str, Callable[..., str]] = {"date": _write_date, "datetime": format_datetime, "time": format_time}
