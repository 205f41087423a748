"""Phone numbers, with the default country for numbers without one."""

from __future__ import annotations

import re

import phonenumbers
from django.utils.translation import gettext_lazy as _

from kanal.kit.errors import Invalid
from kanal.kit.phones import match_key
from kanal.kit.reading.characters import normalize_characters

_LABEL = re.compile(r"^\w{1,8}\.?:\s*(?=[+(\d])")  # "p:+47 …" in exports of Meta, "Tel.: …"
_BETWEEN = re.compile(r"[;,\n]|:::| / | (?:or|and|oder|und|og|eller|ou|et|nebo) ")
_FEWEST_DIGITS = 6
_IN_LETTERS = re.compile(r"\+?[\d\s().\-]{3,}[A-Za-z][A-Za-z\s.\-]{2,}")
_ABROAD = re.compile(r"(?<![\d+])00(?=[1-9])")
_EXPONENT = re.compile(r"\d[.,]\d+\s*e\+?\d+", re.IGNORECASE)


def numbers_in(text: str) -> list[str]:
    """Return the phone numbers in a text, as written. Raise Invalid for one that lost its digits."""
    text = text.strip()
    if _EXPONENT.fullmatch(normalize_characters(text).lstrip("'")):
        message = _("“%(text)s” was a phone number before a spreadsheet shortened it: its digits are lost.")
        raise Invalid(message % {"text": text[:40]})
    parts = [part.strip() for part in _BETWEEN.split(text) if part.strip()]
    is_list = len(parts) > 1 and all(len(re.sub(r"\D", "", part)) >= _FEWEST_DIGITS for part in parts)
    return parts if is_list else [text]


def read_phone(text: str, country: str | None = None, default: str | None = None) -> str:
    """Return a number as E.164. Raise Invalid if it isn't a phone number.

    `country` (ISO 3166) is the record's own country, `default` the installation's, used if the record has none.
    """
    number = _LABEL.sub("", normalize_characters(numbers_in(text)[0]).lstrip("'").strip())
    key = match_key(number, country or default)
    if not key.startswith("+"):
        raise Invalid(_("“%(text)s” is not a phone number.") % {"text": number[:40]})
    return key


def find_phone(text: str, country: str | None = None) -> str:
    """Return the first number within a text ("Office: 22 33 44 55, ask for Kari") as E.164, or "".

    Numbers in letters ("1-800-FLOWERS") count too.
    """
    whole, region = _ABROAD.sub("+", normalize_characters(text)[:300]), (country or "").upper() or None
    match = next(iter(phonenumbers.PhoneNumberMatcher(whole, region)), None)
    number = match.number if match else _in_letters(whole, region)
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164) if number else ""


def _in_letters(text: str, region: str | None) -> phonenumbers.PhoneNumber | None:
    if not _IN_LETTERS.fullmatch(text):
        return None
    try:
        number = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        return None
    return number if phonenumbers.is_valid_number(number) else None
