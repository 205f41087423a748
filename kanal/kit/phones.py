"""Phone numbers: the stored form (E.164), the displayed form and a key for finding the same number again."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

import phonenumbers
from django.utils.translation import gettext_lazy as _

from kanal.kit.errors import Invalid

_TYPED = re.compile(r"(?:tel:)?[\d+()\[\]./\s\-]+(?:(?:;ext=|ext\.?|x|#)\s*\d{1,7})?", re.IGNORECASE)
_DASHES = dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2013\u2014\u2212"), "-")
_HIDDEN = dict.fromkeys(map(ord, "\u200b\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\ufeff"))


@dataclass(frozen=True, slots=True)
class Phone:
    """Hold one number in both its forms."""

    e164: str
    display: str


def normalize(text: str, region: str | None = None) -> Phone:
    """Read a number as typed; `region` (ISO 3166, such as "NO") is the country of a number without one."""
    number = _parse(text, region)
    if number is None or not phonenumbers.is_possible_number(number):
        raise Invalid(_("“%(text)s” is not a phone number.") % {"text": text.strip()[:40]})
    return Phone(
        e164=phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164),
        display=phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL),
    )


@lru_cache(maxsize=4096)
def written_phone(text: str) -> str:
    """Write a stored number for people, such as +47 22 33 44 55; what is no number stays as it is."""
    try:
        return normalize(text).display
    except Invalid:
        return text


@lru_cache(maxsize=4096)
def match_key(text: str, region: str | None = None) -> str:
    """Give what is the same for all spellings of a number: E.164 if it can be read, else its last nine digits."""
    number = _parse(text, region)
    if number is not None and phonenumbers.is_possible_number(number):
        return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    digits = re.sub(r"\D", "", unicodedata.normalize("NFKC", text), flags=re.ASCII).lstrip("0")
    return digits[-9:] if len(digits) >= 6 else ""


def _parse(text: str, region: str | None) -> phonenumbers.PhoneNumber | None:
    plain = unicodedata.normalize("NFKC", text.translate(_HIDDEN)).translate(_DASHES).strip()
    if len(plain) > 40 or not _TYPED.fullmatch(plain):
        return None
    try:
        return phonenumbers.parse(plain, region.upper() if region else None)
    except phonenumbers.NumberParseException:
        return None
