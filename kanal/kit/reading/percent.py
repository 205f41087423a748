"""Percentages: "50 %", "50", or 0.5 as stored by spreadsheets."""

from __future__ import annotations

import re
from decimal import Decimal

from kanal.kit.errors import Ambiguous
from kanal.kit.reading.characters import LONGEST, normalize_characters
from kanal.kit.reading.numbers import plain_decimal, read_number

PERCENT, FRACTION = "percent", "fraction"
SCALES = (PERCENT, FRACTION)
_WORDS = r"pct\.?|per ?cent|prosent|procento?|prozent|pour ?cent|por ciento|procent[aů]?|vh"
_SIGN = re.compile(rf"^\s*[%٪﹪％]\s*|\s*(?:[%٪﹪％]|(?<![^\W\d_])(?:{_WORDS}))\s*$", re.IGNORECASE)


def has_sign(text: str) -> bool:
    """Return whether a text has a percent sign."""
    return len(text) <= LONGEST and bool(_SIGN.search(text))


def read_percent(text: str, decimal_sign: str | None = None, scale: str | None = None) -> Decimal:
    """Return a percentage, 50 for a half. Raise Invalid for none, Ambiguous for several.

    A text with a percent sign is unambiguous. Without one, `scale` says whether 1 is one percent ("percent") or the
    whole ("fraction"). If neither is given, a number up to 1 has both readings.
    """
    if len(text) > LONGEST:
        return read_number(text, decimal_sign)
    text = normalize_characters(text)
    number = read_number(_SIGN.sub("", text), decimal_sign)
    if has_sign(text) or scale == PERCENT or not number or (scale is None and abs(number) > 1):
        return number
    if scale == FRACTION:
        return number * 100
    raise Ambiguous(text, [f"{plain_decimal(number)} %", f"{plain_decimal(number * 100)} %"])
