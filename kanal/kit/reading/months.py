"""Names of months and weekdays in many languages, as used in dates."""

from __future__ import annotations

import re
from functools import cache

from babel import Locale

from kanal.kit.letters import fold

LANGUAGES = (
    "en", "nb", "de", "cs", "es", "fr", "sv", "da", "nl", "it", "pt", "pl", "sk", "fi", "hu", "ro", "ca", "et",
    "lv", "lt", "is", "tr", "el", "ru", "uk", "bg", "sl",
)  # fmt: skip
_ALSO = {"sept": 9, "maerz": 3, "okt": 10, "des": 12, "dez": 12, "janner": 1, "jan": 1, "feber": 2}


def month_of(word: str) -> int | None:
    """Return the month, 1 to 12, of a name or abbreviation. None for other words and those of two months."""
    month = _months().get(_essence(word), frozenset())
    return next(iter(month)) if len(month) == 1 else None


def is_weekday(word: str) -> bool:
    """Return whether a word is the name or abbreviation of a weekday."""
    return _essence(word) in _weekdays()


def _essence(word: str) -> str:
    return re.sub(r"[\W\d_]+", "", fold(word))


@cache
def _months() -> dict[str, frozenset[int]]:
    months_by_name: dict[str, set[int]] = {}
    own: dict[str, set[int]] = {}
    for language in LANGUAGES:
        for names in Locale.parse(language).months.values():
            for width in ("wide", "abbreviated"):
                for month, name in names.get(width, {}).items():
                    target = own if language in LANGUAGES[:6] else months_by_name
                    target.setdefault(_essence(name), set()).add(month)
    for name, month in _ALSO.items():
        own.setdefault(name, {month})
    merged = {**months_by_name, **own}
    return {name: frozenset(months) for name, months in merged.items() if name}


@cache
def _weekdays() -> frozenset[str]:
    weekdays: set[str] = set()
    for language in LANGUAGES:
        for names in Locale.parse(language).days.values():
            for width in ("wide", "abbreviated", "short"):
                weekdays |= {_essence(name) for name in names.get(width, {}).values()}
    return frozenset(weekdays | {name.removesuffix("feira") for name in weekdays if name.endswith("feira")}) - {""}
