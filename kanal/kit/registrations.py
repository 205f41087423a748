"""Numbers that companies are known by: VAT numbers and IBANs, checked for form; no register is asked."""

from __future__ import annotations

import re

from django.utils.translation import gettext_lazy as _

from kanal.kit.errors import Invalid

# Sources: VIES structure of VAT identification numbers; for NO, CH and GB the national tax authorities.
_VAT = {
    "AT": r"U\d{8}", "BE": r"[01]?\d{9}", "BG": r"\d{9,10}", "CH": r"E?\d{9}(MWST|TVA|IVA)?", "CY": r"\d{8}[A-Z]",
    "CZ": r"\d{8,10}", "DE": r"\d{9}", "DK": r"\d{8}", "EE": r"\d{9}", "EL": r"\d{9}", "ES": r"[A-Z0-9]\d{7}[A-Z0-9]",
    "FI": r"\d{8}", "FR": r"[A-HJ-NP-Z0-9]{2}\d{9}", "GB": r"(\d{9}|\d{12}|GD\d{3}|HA\d{3})", "HR": r"\d{11}",
    "HU": r"\d{8}", "IE": r"\d[A-Z0-9+*]\d{5}[A-Z]{1,2}", "IT": r"\d{11}", "LT": r"(\d{9}|\d{12})", "LU": r"\d{8}",
    "LV": r"\d{11}", "MT": r"\d{8}", "NL": r"\d{9}B\d{2}", "NO": r"\d{9}(MVA)?", "PL": r"\d{10}", "PT": r"\d{9}",
    "RO": r"\d{2,10}", "SE": r"\d{12}", "SI": r"\d{8}", "SK": r"\d{10}", "XI": r"(\d{9}|\d{12}|GD\d{3}|HA\d{3})",
}  # fmt: skip
_ALIASES = {"GR": "EL"}


def normalize_vat(text: str, country: str = "") -> str:
    """Write a VAT number without spaces and dots, its country in front where it has one; raise Invalid for its form.

    Countries whose form is not known are taken as typed, if at least four letters or digits are there.
    """
    number = re.sub(r"[\s.\-/]", "", text).upper()
    prefix = _ALIASES.get(number[:2], number[:2])
    if prefix not in _VAT:
        prefix = _ALIASES.get(country.upper(), country.upper())
        if prefix not in _VAT:
            if re.fullmatch(r"[A-Z0-9]{4,20}", number):
                return number
            raise _wrong_vat(text)
        number = prefix + number
    if not re.fullmatch(_VAT[prefix], number[2:]):
        raise _wrong_vat(text)
    return prefix + number[2:]


def _wrong_vat(text: str) -> Invalid:
    return Invalid(_("“%(text)s” does not have the form of a VAT number.") % {"text": text[:30]})


def normalize_iban(text: str) -> str:
    """Write an IBAN without spaces; raise Invalid unless form and check digits (ISO 13616, mod 97) are right."""
    number = re.sub(r"\s", "", text).upper()
    if not re.fullmatch(r"[A-Z]{2}\d{2}[A-Z0-9]{11,30}", number, re.ASCII) or _remainder(number) != 1:
        raise Invalid(_("“%(text)s” is not an IBAN.") % {"text": text[:40]})
    return number


def _remainder(number: str) -> int:
    return int("".join(str(int(letter, 36)) for letter in number[4:] + number[:4])) % 97
