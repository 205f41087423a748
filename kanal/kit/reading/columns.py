"""Detection of a whole column's format: one decimal sign, one date order, one percentage scale."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass

from kanal.kit.errors import Ambiguous, Invalid
from kanal.kit.reading import dates, numbers, percent
from kanal.kit.reading.characters import LONGEST

_MOST_SAMPLES = 5
Readings = Mapping[str, Hashable]


@dataclass(frozen=True, slots=True)
class Understood:
    """The format of a column's texts.

    `value` is the detected format (a decimal sign, an order, a scale), "" if none is needed or certain.
    `evidence` lists the formats shown by texts with a single reading. `ambiguous` are sample texts that the column
    doesn't resolve, `unreadable` are samples that match no format.
    """

    value: str = ""
    evidence: tuple[str, ...] = ()
    ambiguous: tuple[str, ...] = ()
    unreadable: tuple[str, ...] = ()

    @property
    def is_ambiguous(self) -> bool:
        """Return whether the user has to choose a format."""
        return bool(self.ambiguous)


def decimal_sign_of(texts: Iterable[str]) -> Understood:
    """Return the decimal sign of a column of numbers or amounts."""
    return _understood(texts, _readings_of_amount)


def date_order_of(texts: Iterable[str]) -> Understood:
    """Return the order of day, month and year of a column of dates or moments."""
    return _understood(texts, lambda text: None if dates.is_no_day(text) else dates.readings_of(text).days)


def percent_scale_of(texts: Iterable[str], decimal_sign: str | None = None) -> Understood:
    """Return the scale of a column of percentages. A percent sign or a number above 1 means that 1 is one percent."""
    scales: set[str] = set()
    unclear: dict[str, None] = {}
    unreadable: dict[str, None] = {}
    for text in _filled(texts):
        try:
            percent.read_percent(text, decimal_sign)
        except Ambiguous:
            unclear[text] = None
        except Invalid:
            unreadable[text] = None
        else:
            if percent.has_sign(text) or text.strip("0., "):
                scales.add(percent.PERCENT)
    if scales or not unclear:
        return Understood(percent.PERCENT, tuple(scales), (), _some(unreadable))
    return Understood("", (), _some(unclear), _some(unreadable))


def _readings_of_amount(text: str) -> Readings | None:
    """Return the readings of a number, a percentage or an amount with its currency."""
    if not (readings := numbers.readings_of(text)) and len(text) <= LONGEST:
        bare = "".join(letter for letter in text if not (letter.isalpha() or letter in "%€$£¥₹₽₴₺"))
        readings = numbers.readings_of(bare.strip(" .")) if any(map(str.isdigit, bare)) else {}
    return readings


def _understood(texts: Iterable[str], readings_of: Callable[[str], Readings | None]) -> Understood:
    shown: dict[str, None] = {}
    unclear: dict[str, Readings] = {}
    unreadable: dict[str, None] = {}
    for text in _filled(texts):
        readings = readings_of(text)
        if readings is None:
            continue
        if not readings:
            unreadable[text] = None
        elif len(set(readings.values())) > 1:
            unclear[text] = readings
        elif len(readings) == 1 and (form := next(iter(readings))):
            shown[form] = None
    wanted = set(shown).intersection(*(set(readings) for readings in unclear.values()))
    value = wanted.pop() if len(wanted) == 1 else ""
    return Understood(value, tuple(shown), () if value else _some(unclear), _some(unreadable))


def _filled(texts: Iterable[str]) -> Iterable[str]:
    return (text for text in texts if text and not text.isspace())


def _some(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(list(texts)[:_MOST_SAMPLES])
