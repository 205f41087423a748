"""From incoming names and values to a lead's: mapping and normalizing; pure, no database, no request (INTAKE-1, 3)."""

import re
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from babel import Locale
from django.utils.translation import gettext as _

from kanal.kit import names
from kanal.kit.letters import fold
from kanal.kit.phones import match_key

OPEN_NAMES = (
    "subject", "first_name", "last_name", "job_title", "company", "email", "phone", "website", "street", "city",
    "postcode", "region", "country", "registration_number", "vat_number", "industry", "source", "channel", "priority",
    "description", "value", "utm_source", "utm_medium", "utm_campaign", "utm_term", "utm_content", "consent",
    "consent_at", "custom", "currency",
)  # fmt: skip
OTHER_NAMES = {
    "full_name": "full_name", "name": "full_name", "your_name": "full_name", "firstname": "first_name",
    "given_name": "first_name", "lastname": "last_name", "surname": "last_name", "family_name": "last_name",
    "e_mail": "email", "mail": "email", "email_address": "email", "your_email": "email", "telephone": "phone",
    "tel": "phone", "mobile": "phone", "phone_number": "phone", "organization": "company",
    "organisation": "company", "company_name": "company", "position": "job_title", "url": "website", "web": "website",
    "address": "street", "town": "city", "zip": "postcode", "zip_code": "postcode", "postal_code": "postcode",
    "state": "region", "message": "description", "comment": "description", "comments": "description",
    "note": "description", "vat": "vat_number", "title": "subject",
}  # fmt: skip
LANGUAGES = ("en", "nb", "de", "cs", "es", "fr", "sv", "da", "pl", "nl", "it", "pt")
CHANGES: dict[str, Callable[[str], str]] = {
    "trim": str.strip,
    "lower": str.lower,
    "upper": str.upper,
    "title": str.title,
    "first_word": lambda text: (text.split() or [""])[0],
    "rest": lambda text: " ".join(text.split()[1:]),
    "last_word": lambda text: (text.split() or [""])[-1],
    "digits": lambda text: re.sub(r"\D", "", text),
    "one_line": lambda text: " ".join(text.split()),
}


def check_mapping(mapping: Any, fields: Mapping[str, Any]) -> None:
    """Refuse a mapping that can't be applied: {"fields": [{"from", "to", "do"}], "fixed": {field: value}}."""
    if not isinstance(mapping, dict) or set(mapping) - {"fields", "fixed"}:
        raise ValueError(_("A mapping has “fields” and “fixed”."))
    entries, fixed = mapping.get("fields", []), mapping.get("fixed", {})
    if not isinstance(entries, list) or not isinstance(fixed, dict):
        raise ValueError(_("“fields” is a list, “fixed” an object."))
    for entry in entries:
        if (
            not isinstance(entry, dict)
            or not isinstance(entry.get("from"), str)
            or not isinstance(entry.get("do", []), list)
        ):
            raise ValueError(_("Each field has “from”, “to” and, if wanted, “do”."))
        if unknown := [one for one in entry.get("do", []) if one not in CHANGES]:
            raise ValueError(_("There is no transformation “%(name)s”.") % {"name": unknown[0]})
    for name in [*(entry.get("to") for entry in entries), *fixed]:
        if name != "full_name" and name not in fields:
            raise ValueError(_("There is no field “%(field)s”.") % {"field": name})


def dig(data: Any, path: str) -> Any:
    """Give what stands under a name, or under a path with dots; None where nothing does."""
    if isinstance(data, dict) and path in data:
        return data[path]
    for name in path.split("."):
        if isinstance(data, list) and name.isdigit() and int(name) < len(data):
            data = data[int(name)]
        elif isinstance(data, dict) and name in data:
            data = data[name]
        else:
            return None
    return data


def apply_mapping(mapping: Mapping[str, Any], data: Mapping[str, Any]) -> dict[str, Any]:
    """Turn incoming names into a lead's fields: as mapped, then names that are plain, then fixed values."""
    values: dict[str, Any] = {}
    used = set()
    for entry in mapping.get("fields", []):
        raw = dig(data, entry["from"])
        used.add(entry["from"].partition(".")[0])
        if raw not in (None, "", [], {}):
            add(values, entry["to"], changed(raw, entry.get("do", [])))
    for name, raw in data.items():
        plain = re.sub(r"[\s\-]+", "_", str(name).strip().lower())
        target = plain if plain in OPEN_NAMES or plain.startswith("custom.") else OTHER_NAMES.get(plain)
        if name not in used and target and target not in values and raw not in (None, "", [], {}):
            add(values, target, raw)
    return split_name({**values, **mapping.get("fixed", {})})


def changed(raw: Any, names: list[str]) -> Any:
    """Apply transformations to a value, if it is a text or a number."""
    if not names or isinstance(raw, bool | dict | list):
        return raw
    text = str(raw)
    for name in names:
        text = CHANGES[name](text)
    return text


def add(values: dict[str, Any], name: str, value: Any) -> None:
    """Put a value under a field; what comes to the same text twice is joined."""
    if name in ("description", "street") and values.get(name):
        value = f"{values[name]}\n{value}" if name == "description" else f"{values[name]} {value}"
    values[name] = value


def split_name(values: dict[str, Any]) -> dict[str, Any]:
    """Turn a full name into first and last name, where these are not given."""
    whole = str(values.pop("full_name", "") or "").strip()
    if whole and not values.get("first_name") and not values.get("last_name"):
        name = names.split_name(whole)
        values |= {"first_name": name.first, "last_name": name.last}
    return values


@cache
def countries() -> dict[str, str]:
    """Give the codes of countries by their folded names in several languages."""
    found: dict[str, str] = {"uk": "GB", "usa": "US", "england": "GB", "holland": "NL", "czech republic": "CZ"}
    for language in LANGUAGES:
        for code, name in Locale.parse(language).territories.items():
            if len(code) == 2 and code.isalpha():
                found.setdefault(fold(name), code)
    return found


def country_code(text: str) -> str:
    """Give the code of a country that is named by its code or in one of several languages, or ""."""
    text = text.strip()
    if len(text) == 2 and text.upper() in set(countries().values()):
        return text.upper()
    return countries().get(fold(text), "")


def normalize(
    values: Mapping[str, Any], fields: Mapping[str, Any], region: str | None = None
) -> tuple[dict, list[str]]:
    """Bring values into the form in which they are stored and compared; give also notes on what was left out or cut."""
    found, notes = {key: tidy(value) for key, value in values.items()}, []
    if country := str(found.get("country") or ""):
        found["country"] = country_code(country)
        if not found["country"]:
            notes.append(_("The country “%(text)s” is not known.") % {"text": country[:80]})
    if phone := str(found.get("phone") or ""):
        key = match_key(phone, found.get("country") or region)
        found["phone"] = key if key.startswith("+") else phone
    if isinstance(found.get("email"), str):
        found["email"] = found["email"].lower().removeprefix("mailto:")
    if "value" in found and not isinstance(found["value"], dict):
        found["value"] = {"amount": amount(str(found["value"])), "currency": values.get("currency")}
    found.pop("currency", None)
    for key in list(found):
        limit(found, key, fields.get(key), notes)
    return found, notes


def amount(text: str) -> str:
    """Write an amount with a point and without blanks."""
    plain = re.sub(r"[\s\u00a0']", "", text)
    return plain.replace(",", ".") if plain.count(",") == 1 and "." not in plain else plain


def tidy(value: Any) -> Any:
    """Trim texts and drop what nobody can see at their ends."""
    return value.strip(" \t\r\n\u00a0\u200b\ufeff") if isinstance(value, str) else value


def limit(found: dict[str, Any], key: str, field: Any, notes: list[str]) -> None:
    """Cut a text that is too long, and leave out what a list of options does not know; say so."""
    if field is None:
        return
    value = found[key]
    if field.kind.family == "text" and isinstance(value, str | int | float) and field.max_length:
        text = str(value)
        if len(text) > field.max_length and field.kind.key == "text":
            found[key] = text[: field.max_length]
            notes.append(
                _("“%(field)s” was cut to %(limit)s characters.") % {"field": field.label, "limit": field.max_length}
            )
    if field.kind.family == "choice" and value and not any(value == one.key for one in field.options()):
        known = next((one.key for one in field.options() if fold(str(one.label)) == fold(str(value))), None)
        found[key] = known or ""
        if known is None:
            notes.append(
                _("“%(value)s” is no known value of “%(field)s”.") % {"value": str(value)[:80], "field": field.label}
            )


def is_same_person(one: Mapping[str, str], other: Mapping[str, str]) -> bool:
    """Tell whether two leads are of one person: the same e-mail address, or the same phone and nothing that differs."""
    if one.get("email") and one.get("email") == other.get("email"):
        return True
    if not one.get("phone") or one.get("phone") != other.get("phone"):
        return False
    return not any(differs(one.get(key, ""), other.get(key, "")) for key in ("email", "last_name"))


def differs(one: str, other: str) -> bool:
    """Tell whether both texts are given and are not the same."""
    return bool(one and other and fold(one) != fold(other))
