"""Objects that are a single value in parts: a name, address, company, phone number, email address, consent."""

import re
from collections.abc import Mapping
from typing import Any

from kanal.entities.intake.naming import target_field

FIRST = ("first", "first_name", "firstname", "given", "given_name", "givenname", "fname")
MIDDLE = ("middle", "middle_name", "middlename")
LAST = ("last", "last_name", "lastname", "family", "family_name", "familyname", "lname", "surname")
ADDRESS = {
    "street": ("addr_line1", "address1", "address_line1", "address_line_1", "line1", "street", "street1",
               "street_address", "streetaddress", "address"),
    "city": ("city", "town", "locality"),
    "postcode": ("postal", "postcode", "postal_code", "zip", "zip_code", "postalcode", "zipcode"),
    "region": ("state", "region", "province", "county"),
    "country": ("country", "country_code", "countrycode"),
}  # fmt: skip
SECOND_LINE = ("addr_line2", "address2", "address_line2", "address_line_2", "line2", "street2")
# Keys of a channel object: the full value first, then the parts to combine.
WHOLE = ("full", "e164", "international", "formatted", "value", "number", "address", "email", "text")
PHONE_KEYS = frozenset([*WHOLE, "country", "country_code", "countrycode", "area", "area_code", "phone", "prefix",
                        "extension", "type", "label", "kind", "primary", "id", "national"])  # fmt: skip
EMAIL_KEYS = frozenset([*WHOLE, "type", "label", "kind", "primary", "id", "verified"])
AGREED = ("value", "accepted", "given", "granted", "agreed", "checked", "selected", "consented", "consent")
AGREED_TEXT = ("text", "label", "description", "statement", "wording")
AGREED_AT = ("timestamp", "date", "at", "time", "given_at", "accepted_at", "consented_at")
COMPANY_NAME = ("name", "company_name", "display_name", "displayname", "legal_name", "title", "label", "value")
OF_COMPANY = ("website", "registration_number", "vat_number", "industry", "street", "city", "postcode", "region",
              "country")  # fmt: skip


def keys_in(data: Mapping[str, Any]) -> dict[str, Any]:
    """Return an object with normalized keys, without empty values."""
    return {str(key).lower().replace("-", "_"): value for key, value in data.items() if value not in (None, "", [], {})}


def first_of(data: Mapping[str, Any], names: tuple[str, ...]) -> Any:
    """Return the first non-empty value under one of several names."""
    return next((data[name] for name in names if name in data), None)


def is_person_or_address(data: Any) -> bool:
    """Return whether an object is a person's name in parts, or an address."""
    if not isinstance(data, dict) or not all(isinstance(value, str | int | None) for value in data.values()):
        return False
    keys = {str(key).lower().replace("-", "_") for key in data}
    is_name = bool(keys & {*FIRST}) and bool(keys & {*LAST}) and len(keys) <= 5
    parts = [name for name, spellings in ADDRESS.items() if keys & {*spellings}]
    return is_name or (len(parts) >= 2 and not keys & {"email", "name"})


def is_channel(name: str, data: Any) -> bool:
    """Return whether an object under a name is a phone number, an email address or a consent in parts."""
    if not isinstance(data, dict) or not data or any(isinstance(value, dict | list) for value in data.values()):
        return False
    keys, target = {str(key).lower().replace("-", "_") for key in data}, channel_of(name)
    if target == "phone":
        return keys <= PHONE_KEYS
    if target == "email":
        return keys <= EMAIL_KEYS
    return target == "consent" and bool(keys & {*AGREED})


def channel_of(name: str) -> str:
    """Return "phone", "email" or "consent" if a name, in singular or plural, is one of these, else ""."""
    target = target_field(name) or target_field(re.sub(r"(?:es|s)$", "", name))
    return target if target in ("phone", "email", "consent") else ""


def split_object(name: str, value: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields of a lead in an object received for the field `name`."""
    named = keys_in(value)
    if name == "phone":
        return {"phone": phone_in(named)}
    if name == "email":
        return {"email": first_of(named, WHOLE)}
    if name == "consent":
        return consent_in(named)
    if name in ("full_name", "first_name", "last_name"):
        first, last = " ".join(str(named[key]) for key in (*FIRST, *MIDDLE) if key in named), first_of(named, LAST)
        return {key: part for key, part in (("first_name", first), ("last_name", last)) if part}
    parts = {target: first_of(named, keys) for target, keys in ADDRESS.items() if first_of(named, keys) is not None}
    if "street" in parts and (second := first_of(named, SECOND_LINE)):
        parts["street"] = f"{parts['street']} {second}"
    return parts


def phone_in(named: Mapping[str, Any]) -> str:
    """Return a phone number from its parts: country, area and the rest."""
    whole = str(first_of(named, WHOLE) or "")
    digits = " ".join(str(named[key]) for key in ("area", "area_code", "prefix", "phone", "national") if key in named)
    code = re.sub(r"\D", "", str(named.get("country_code") or named.get("countrycode") or named.get("country") or ""))
    text = " ".join(part for part in (digits, whole) if part) if not named.get("full") else whole
    return f"+{code} {text}" if code and text and not text.startswith(("+", "00")) else text


def consent_in(named: Mapping[str, Any]) -> dict[str, Any]:
    """Return the wording and time of a consent, or the refusal."""
    said, text, moment = first_of(named, AGREED), first_of(named, AGREED_TEXT), first_of(named, AGREED_AT)
    if not said or str(said).strip().lower() in ("false", "0", "no", "off"):
        return {"consent": False}
    return {"consent": text or said, **({"consent_at": moment} if moment else {})}


def of_company(key: str, data: Mapping[str, Any]) -> str:
    """Return the field for a key of a company object: its name, its number…, or ""."""
    if key.lower().replace("-", "_") in COMPANY_NAME:
        same = [name for name in COMPANY_NAME if keys_in(data).get(name)]
        return "company" if same and same[0] == key.lower().replace("-", "_") else ""
    target = target_field(key)
    return target if target in OF_COMPANY else ""
