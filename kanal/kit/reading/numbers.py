"""Numbers in the formats of people and programs from all countries."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache

from django.utils.translation import gettext_lazy as _

from kanal.kit.errors import Ambiguous, Invalid
from kanal.kit.reading.characters import LONGEST, normalize_characters

SIGNS = (".", ",")
_MOST_CHARACTERS = 60
_SIMPLE = re.compile(r"-?[1-9]\d{0,14}|0")
_ACCOUNTING = re.compile(r"\((.*)\)")
_BODY = re.compile(r"[\d.,' ]*\d[\d.,' ]*")
_NOTHING_AFTER = re.compile(r"([.,])\s*(?:-{1,3}|=)$")


def read_number(text: str, decimal_sign: str | None = None) -> Decimal:
    """Return the number in a text. Raise Invalid for none, Ambiguous for several.

    `decimal_sign` ("." or ",") resolves texts with two readings, such as "1.250". It doesn't affect texts with a single
    reading.
    """
    if _SIMPLE.fullmatch(text):
        return Decimal(text)
    readings = readings_of(text)
    if not readings:
        raise _not_a_number(text)
    if len(set(readings.values())) == 1:
        return next(iter(readings.values()))
    if decimal_sign in readings:
        return readings[decimal_sign]
    raise Ambiguous(text.strip(), (plain_decimal(value) for value in readings.values()))


@lru_cache(maxsize=8192)
def readings_of(text: str) -> dict[str, Decimal]:
    """Return the readings of a text by assumed decimal sign, {} if it isn't a number."""
    if len(text) > LONGEST:
        return {}
    sign, body = _signed(normalize_characters(text))
    if len(body) > _MOST_CHARACTERS or not _BODY.fullmatch(body):
        return {}
    values = {mark: _with(body.strip(), mark) for mark in SIGNS}
    return {mark: _nonzero(sign * value) for mark, value in values.items() if value is not None}


def plain_decimal(value: Decimal) -> str:
    """Return a number as text without an exponent and trailing zeros."""
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _nonzero(value: Decimal) -> Decimal:
    return value or Decimal(0)  # no negative zero


def _signed(text: str) -> tuple[int, str]:
    """Return 1 or -1 and the rest. A minus may be before or after, or brackets around."""
    text = _NOTHING_AFTER.sub(_two_zeros, text).strip()
    if within := _ACCOUNTING.fullmatch(text):
        return -1, _NOTHING_AFTER.sub(_two_zeros, within[1].strip())
    if text.startswith(("-", "+")):
        return (-1 if text[0] == "-" else 1), text[1:].strip()
    if text.endswith("-"):
        return -1, text[:-1].strip()
    return 1, text


def _two_zeros(match: re.Match[str]) -> str:
    """Return the fraction that a dash means: "5.000,-", also if its mark is also the group separator: "1.200.-"."""
    mark = match[1]
    if mark in match.string[: match.start()]:
        mark = SIGNS[mark == SIGNS[0]]
    return f"{mark}00"


def _with(body: str, mark: str) -> Decimal | None:
    """Return the number if `mark` can be its decimal sign, else None."""
    whole, _mark, fraction = body.partition(mark)
    if not re.fullmatch(r"\d*", fraction) or not (digits := _ungrouped(whole, mark, bool(fraction))):
        return None
    return Decimal(f"{digits}.{fraction}") if fraction else Decimal(digits)


def _ungrouped(whole: str, mark: str, has_fraction: bool) -> str:
    """Return the digits before the decimal sign without group separators, or "" if the grouping is wrong."""
    if whole.isdigit() or not whole:
        return whole or ("0" if has_fraction else "")
    groups = {letter for letter in whole if not letter.isdigit()}
    if len(groups) != 1 or mark in groups:
        return ""
    group = re.escape(groups.pop())
    thousands = rf"[1-9]\d{{0,2}}(?:{group}\d{{3}})+"
    indian = rf"[1-9]\d?(?:{group}\d{{2}})+{group}\d{{3}}"
    return re.sub(r"\D", "", whole) if re.fullmatch(f"{thousands}|{indian}", whole) else ""


def _not_a_number(text: str) -> Invalid:
    return Invalid(_("“%(text)s” is not a number.") % {"text": text.strip()[:40]})
