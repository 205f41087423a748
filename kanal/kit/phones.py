"""Phone numbers: the stored form (E.164), the display form and a key for matching."""

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
    """A phone number in stored and display form."""

    e164: str
    display: str


def normalize(text: str, region: str | None = None) -> Phone:
    """Parse a number as typed. `region` (ISO 3166, such as "NO") is the country of a number without one."""
    number = _parse(text, region)
    if number is None or not phonenumbers.is_possible_number(number):
        raise Invalid(_("“%(text)s” is not a phone number.") % {"text": text.strip()[:40]})
    return Phone(
        e164=phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164),
        display=phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL),
    )


@lru_cache(maxsize=4096)
def written_phone(text: str) -> str:
    """Format a stored number for display, such as +47 22 33 44 55. Other texts are returned unchanged."""
    try:
        return normalize(text).display
    except Invalid:
        return text


@lru_cache(maxsize=4096)
def match_key(text: str, region: str | None = None) -> str:
    """Return a key shared by all spellings of a number: E.164 if it parses, else its last nine digits."""
    number = _parse(text, region)
    if number is not None and phonenumbers.is_possible_number(number):
        return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    digits = re.sub(r"\D", "", unicodedata.normalize("NFKC", text), flags=re.ASCII).lstrip("0")
    return digits[-9:] if len(digits) >= 6 else ""


def digits_of(text: str) -> tuple[str, bool]:
    """Return the digits of a number as typed, and whether they start with a country code: "020 79" is "2079"."""
    plain = unicodedata.normalize("NFKC", text.translate(_HIDDEN)).translate(_DASHES).replace("(0)", "").strip()
    if not _TYPED.fullmatch(plain):
        return "", False
    plain = re.sub(r"(?:;ext=|ext\.?|x|#).*$", "", plain.removeprefix("tel:"), flags=re.IGNORECASE)
    digits = re.sub(r"\D", "", plain, flags=re.ASCII)
    has_country = plain.lstrip("( ").startswith("+") or digits.startswith("00")
    return digits.lstrip("0"), has_country


def phone_patterns(text: str, op: str, region: str | None = None) -> list[str]:
    """Return SQL LIKE patterns for stored numbers (E.164) that match a text, or none if it isn't a number.

    `op` is "starts", "contains" or "is" (any other value). A text without a country matches any: one to three digits of
    a country code precede it.
    """
    digits, has_country = digits_of(text)
    least = 3 if op in ("starts", "contains") else 6
    if len(digits) < least:
        return []
    if op == "contains":
        return [f"%{digits}%"]
    end = "%" if op == "starts" else ""
    if has_country:
        exact = match_key(text) if not end else ""
        return list(dict.fromkeys([f"+{digits}{end}", *([exact] if exact.startswith("+") else [])]))
    key = match_key(text, region) if not end else ""
    own = [key] if key.startswith("+") else []
    return [*own, *(f"+{'_' * places}{digits}{end}" for places in (1, 2, 3))]


def _parse(text: str, region: str | None) -> phonenumbers.PhoneNumber | None:
    plain = unicodedata.normalize("NFKC", text.translate(_HIDDEN)).translate(_DASHES).strip()
    if len(plain) > 40 or not _TYPED.fullmatch(plain):
        return None
    try:
        return phonenumbers.parse(plain, region.upper() if region else None)
    except phonenumbers.NumberParseException:
        return None
