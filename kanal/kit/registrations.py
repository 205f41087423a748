"""Company identifiers: VAT and registration numbers, IBANs. Only their form is checked, no registry is queried."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from django.utils.translation import gettext_lazy as _
from stdnum import get_cc_module, iban
from stdnum.exceptions import ValidationError

from kanal.kit.errors import Invalid

# Sources: VIES structure of VAT identification numbers. NO, CH and GB: the national tax authorities.
_VAT = {
    "AT": r"U\d{8}", "BE": r"[01]?\d{9}", "BG": r"\d{9,10}", "CH": r"E?\d{9}(HR)?(MWST|TVA|IVA|VAT)*",
    "CY": r"\d{8}[A-Z]", "CZ": r"\d{8,10}", "DE": r"\d{9}", "DK": r"\d{8}", "EE": r"\d{9}", "EL": r"\d{8,9}",
    "ES": r"[A-Z0-9]\d{7}[A-Z0-9]", "FI": r"\d{8}", "FR": r"[A-HJ-NP-Z0-9]{2}\d{9}",
    "GB": r"(\d{9}|\d{12}|GD\d{3}|HA\d{3})", "HR": r"\d{11}", "HU": r"\d{8}", "IE": r"\d[A-Z0-9+*]\d{5}[A-Z]{1,2}",
    "IT": r"\d{11}", "LT": r"(\d{9}|\d{12})", "LU": r"\d{8}", "LV": r"\d{11}", "MT": r"\d{8}", "NL": r"\d{9}B\d{2}",
    "NO": r"\d{9}(MVA)?", "PL": r"\d{10}", "PT": r"\d{9}", "RO": r"\d{2,10}", "SE": r"\d{12}", "SI": r"\d{8}",
    "SK": r"\d{10}", "XI": r"(\d{9}|\d{12}|GD\d{3}|HA\d{3})",
}  # fmt: skip
_ALIASES = {"GR": "EL", "UK": "GB", "LI": "CH"}
# Northern Ireland uses British numbers with its own prefix.
_SAME_REGISTER = {"XI": "GB"}
# Countries whose VAT numbers contain the registration number.
_IS_REGISTRATION = frozenset(("BE", "BG", "CH", "CZ", "DK", "ES", "FI", "FR", "HR", "IT", "LV", "NO", "PT", "RO", "SE"))
_BY_ENDING = ((r"\d{9}MVA", "NO"), (r"(CH)?E?\d{9}(HR)?(MWST|TVA|IVA)+", "CH"))
_NAMED = re.compile(
    r"^\W*(?:(?:org(?:anisasjons?)?[\s.-]*(?:nr|nummer|no)?|vat|ust[\s.-]*id(?:[\s.-]*nr)?|uid|tva|p\.?\s?iva|dič|dic|"
    r"ičo|ico|cvr|btw|kvk|nip|cif|nif|momsnr|y-tunnus)(?:[\s.-]*(?:no|nr|number|id))?)[\s.:#]+(?=\w)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class CompanyNumber:
    """A normalized number for comparison and the country of its registry, or "" if unknown."""

    country: str
    number: str

    def is_same(self, other: CompanyNumber) -> bool:
        """Return whether both identify the same company: equal numbers, and no conflicting countries."""
        if not self.number or self.number != other.number:
            return False
        mine, theirs = (_SAME_REGISTER.get(code, code) for code in (self.country, other.country))
        return not mine or not theirs or mine == theirs


def normalize_vat(text: str, country: str = "") -> str:
    """Return a VAT number without spaces and marks, prefixed with its country if known. Raise Invalid for a wrong form.

    Numbers of countries with an unknown form are accepted as typed if they have at least four letters or digits.
    """
    number = _plain(text)
    prefix, rest = _prefix_of(number, country)
    if not prefix:
        if re.fullmatch(r"[A-Z0-9]{4,20}", number):
            return number
        raise _wrong_vat(text)
    rest = _padded(prefix, rest)
    if not re.fullmatch(_VAT[prefix], rest):
        raise _wrong_vat(text)
    return prefix + rest


def tidy_vat(text: str, country: str = "", *, otherwise: str | None = None) -> str:
    """Return a VAT number in stored form, or if it's invalid `otherwise`, by default the text itself."""
    try:
        return normalize_vat(text, country) if text else ""
    except Invalid:
        return text if otherwise is None else otherwise


def check_vat(text: str, country: str, errors: dict[str, list]) -> None:
    """Add an error to a record's errors if its VAT number is invalid."""
    if not text:
        return
    try:
        normalize_vat(text, country)
    except Invalid as problem:
        errors["vat_number"] = problem.messages()


@lru_cache(maxsize=4096)
def vat_number(text: str, country: str = "") -> CompanyNumber:
    """Return a VAT number for comparison: "974 760 673 MVA" of Norway is "NO974760673"."""
    number = _plain(text)
    prefix, rest = _prefix_of(number, country)
    given = _ALIASES.get(country.upper(), country.upper())
    if not prefix or not re.fullmatch(_VAT[prefix], _padded(prefix, rest)):
        return CompanyNumber(given, number.lstrip("0"))
    return CompanyNumber(prefix, _core(prefix, rest))


@lru_cache(maxsize=4096)
def registration_number(text: str, country: str = "", vat: str = "") -> CompanyNumber:
    """Return a registration number for comparison, or else the one within the VAT number."""
    if not text.strip():
        vat_id = vat_number(vat, country)
        if vat_id.country not in _IS_REGISTRATION:
            return CompanyNumber(vat_id.country, "")
        return CompanyNumber(vat_id.country, vat_id.number[-9:] if vat_id.country == "FR" else vat_id.number)
    vat_id = vat_number(text, country)
    if vat_id.country == "FR" and re.fullmatch(r"\d{11}|\d{14}", vat_id.number):
        return CompanyNumber("FR", vat_id.number[:9] if len(vat_id.number) == 14 else vat_id.number[-9:])
    return vat_id


def normalize_iban(text: str) -> str:
    """Return an IBAN without spaces. Raise Invalid unless country, form and check digits are valid (ISO 13616)."""
    try:
        return iban.validate(text)
    except ValidationError:
        raise Invalid(_("“%(text)s” is not an IBAN.") % {"text": text[:40]}) from None


def _plain(text: str) -> str:
    """Return the letters and digits of a number without a label such as "Org.nr."."""
    whole = unicodedata.normalize("NFKC", text).strip()
    return re.sub(r"[\s.,:\-/_\u2010-\u2015\u200b\ufeff]", "", _NAMED.sub("", whole)).upper()


def _prefix_of(number: str, country: str) -> tuple[str, str]:
    """Return the country of a number and the rest, or "" if neither the number nor `country` has one."""
    prefix = _ALIASES.get(number[:2], number[:2])
    if prefix in _VAT and re.search(r"\d", number[2:]) and not _is_of(number, country):
        return prefix, number[2:]
    for ending, code in _BY_ENDING:
        if re.fullmatch(ending, number):
            return code, number
    given = _ALIASES.get(country.upper(), country.upper())
    return (given, number) if given in _VAT else ("", number)


def _is_of(number: str, country: str) -> bool:
    """Return whether a number is valid in the given country as it is, so its first letters aren't a country code."""
    given = _ALIASES.get(country.upper(), country.upper())
    return given in ("ES", "FR", "IE") and number[:2] != given and bool(re.fullmatch(_VAT[given], number))


def _padded(prefix: str, rest: str) -> str:
    """Return a number with its country's leading zeros, if the library knows the country."""
    if prefix not in ("BE", "EL", "NL"):
        return rest
    module = get_cc_module("GR" if prefix == "EL" else prefix, "vat")
    return str(module.compact(rest)) if module is not None and rest[:1].isdigit() else rest


def _core(prefix: str, rest: str) -> str:
    """Return the compared part of a number: without endings that are sometimes left out."""
    if prefix == "NO":
        rest = rest.removesuffix("MVA")
    elif prefix == "CH":
        rest = re.sub(r"^(CH)?E?(\d{9}).*$", r"\2", rest)
    elif prefix == "SE" and re.fullmatch(r"\d{12}", rest):
        rest = rest[:10]
    elif prefix in ("GB", "XI") and re.fullmatch(r"\d{12}", rest):
        rest = rest[:9]
    return rest.lstrip("0")


def _wrong_vat(text: str) -> Invalid:
    return Invalid(_("“%(text)s” is not a VAT number.") % {"text": text[:30]})
