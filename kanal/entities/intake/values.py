"""Parsing of received values for a lead. Unreadable ones are noted and omitted (INTAKE-2)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from email.utils import parseaddr
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from kanal.core.fields import CleanContext, Field
from kanal.kit import phones
from kanal.kit.addresses import normalize_email
from kanal.kit.errors import Invalid
from kanal.kit.reading.booleans import read_boolean
from kanal.kit.reading.choices import known_by, read_choice
from kanal.kit.reading.countries import read_country
from kanal.kit.reading.dates import read_date
from kanal.kit.reading.money import read_money
from kanal.kit.reading.numbers import plain_decimal, read_number
from kanal.kit.reading.percent import read_percent
from kanal.kit.reading.phones import find_phone, read_phone

EDGES = " \t\r\n\u00a0\u200b\ufeff"
NOTHING = frozenset(["", "-", "--", "–", "—", "n/a", "na", "none", "null", "undefined", "nil", "."])
SEVERAL_PHONES = re.compile(r"\s*[/;|]\s*|\s+(?:or|oder|eller|nebo|and|og)\s+|,\s*(?=\+|0|\d{6})")
ONE_PHONE = re.compile(r"(?=(?:\D*\d){6})[+()\d\s./\-]{6,40}")
ADDRESS_WITHIN = re.compile(
    r"(?<![^\s<>\"':,;|(])[^\s<>\"':,;|()@]+@[^\s<>\"':,;|()@]+\.[^\W\d_]{2,}(?![^\s<>\"',;|)?.])"
)
AROUND_ADDRESS = re.compile(r"<[^<>]*>|mailto:|[\s<>\"'|,;:()]", re.IGNORECASE)
REFUSES = re.compile(
    r"\b(?:not|don'?t|never|nicht|kein\w*|ikke|inte|nie|nesouhlas\w*|no|nein|nei|nej|refus\w*|declin\w*|"
    r"denied|den(?:y|ies)|reject\w*|revok\w*|withdr[ae]w\w*|opt(?:ed)?[- ]?out|unsubscribed?|abgelehnt|widerruf\w*|"
    r"nee|niet|geen|non|avslått|avvist|odmít\w*|zamít\w*)\b"
)


@dataclass
class Context:
    """Context for parsing a post: default country and currency, decimal separator, wording of the consent."""

    country: str = ""
    currency: str | None = None
    decimal_sign: str | None = None
    consent_text: str = ""


@dataclass
class Read:
    """The values of a lead, and unreadable parts of a post: (label, received value, reason)."""

    values: dict[str, Any] = field(default_factory=dict)
    notes: list[tuple[str, str, str]] = field(default_factory=list)

    def note(self, label: Any, raw: Any, why: Any) -> None:
        """Note a value that wasn't adopted as received."""
        self.notes.append((str(label), shown(raw), str(why)))


def read_values(raw: Mapping[str, Any], fields: Mapping[str, Field], context: Context) -> Read:
    """Parse the received values. Return the readable ones, and notes on the others."""
    result = Read()
    raw = {key: tidy(value) for key, value in raw.items()}
    own = Context(
        country_of(raw, fields, context, result), context.currency, context.decimal_sign, context.consent_text
    )
    for key, value in raw.items():
        if key in ("country", "currency", "consent", "consent_at") or value in (None, [], {}):
            continue
        label = fields[key].label if key in fields else key
        if isinstance(value, str) and value.lower() in NOTHING:
            if value:
                result.note(label, value, _("This value has no meaning."))
            continue
        try:
            read_value(result, key, value, fields, own, raw)
        except ValueError as problem:
            result.note(label, value, problem)
        except Invalid as problem:
            result.note(label, value, problem)
    read_consent(result, raw, fields, context)
    return result


def read_value(
    result: Read, key: str, value: Any, fields: Mapping[str, Field], context: Context, raw: Mapping[str, Any]
) -> None:
    """Parse a value. Raise Invalid or ValueError if it can't be parsed."""
    if key not in fields:
        result.values[key] = value
    elif key == "phone":
        take_phone(result, fields[key], to_text(value), context)
    elif key == "email":
        take_email(result, fields[key], to_text(value))
    else:
        read = of_field(fields[key], value, context, raw)
        if isinstance(read, str):
            read = cut(result, fields[key], read)
        fields[key].clean(read, CleanContext(country=context.country))
        result.values[key] = read


def of_field(field: Field, value: Any, context: Context, raw: Mapping[str, Any]) -> Any:
    """Return the value of a text for a field."""
    category = field.type.category
    if category == "money":
        return read_amount(value, context, raw.get("currency"))
    if category in ("choices", "relations", "json"):
        return value
    text = to_text(value)
    if category == "number":
        if field.type.key == "percent":
            return str(read_percent(text, context.decimal_sign, "percent"))
        return plain_decimal(read_number(text, context.decimal_sign)) if not is_number(value) else value
    if category == "choice":
        options = [option for option in field.options() if option.active]
        return read_choice(text, known_by({option.key: [str(option.label)] for option in options}))
    if category == "date":
        day = read_date(text)
        return day.isoformat() if day else None
    if category == "boolean":
        return value if isinstance(value, bool) else read_boolean(text)
    return text if category == "text" else value


def read_amount(value: Any, context: Context, currency: Any) -> dict[str, Any]:
    """Return an amount with its currency, if there is one."""
    if isinstance(value, dict):
        currency, value = value.get("currency") or currency, value.get("amount", value.get("value"))
    named = str(currency).strip().upper() if currency else None
    if is_number(value):
        return {"amount": plain_decimal(Decimal(str(value))), "currency": named}
    read = read_money(to_text(value), named or context.currency, context.decimal_sign)
    return {"amount": plain_decimal(read.amount), "currency": read.currency or None}


def is_number(value: Any) -> bool:
    """Return whether a value is a JSON number, which is unambiguous."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def to_text(value: Any) -> str:
    """Return a value as text, with multiple values separated by commas. Raise ValueError for an object."""
    if isinstance(value, list) and not any(isinstance(item, dict | list) for item in value):
        return ", ".join(tidy(str(item)) for item in value if item not in (None, ""))
    if isinstance(value, dict | list):
        raise ValueError(_("This is an object with several values: map one of them."))
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return str(value)


def take_phone(result: Read, field: Field, text: str, context: Context) -> None:
    """Set the first valid phone number. Note the full text if anything is omitted."""
    parts = [text, *SEVERAL_PHONES.split(text)]
    for part in parts:
        try:
            number = read_phone(part, context.country)
        except Invalid:
            continue
        result.values["phone"] = number
        if part != text or re.search(r"(?:ext\.?|x|#)\s*\d+\s*$", part, re.IGNORECASE):
            result.note(field.label, text, _("The first number was taken."))
        return
    if within := find_phone(text, context.country):
        result.values["phone"] = within
        result.note(field.label, text, _("The first number was taken."))
        return
    if ONE_PHONE.fullmatch(text) and phones.match_key(text, context.country):
        result.values["phone"] = field.clean(text, CleanContext(country=context.country))
        return
    raise ValueError(_("“%(text)s” is not a phone number.") % {"text": text[:40]})


def take_email(result: Read, field: Field, text: str) -> None:
    """Set an email address, also from “Name <address>”, a link, or repeated addresses."""
    text = text.removeprefix("mailto:").removeprefix("Mailto:").strip()
    named = re.fullmatch(r"[^<>@,;]*<([^<>\s,;|:]+)>", text)
    within = {candidate.lower(): candidate for candidate in ADDRESS_WITHIN.findall(text)} if not named else {}
    if len(within) == 1 and not re.sub(AROUND_ADDRESS, "", ADDRESS_WITHIN.sub("", text)):
        text = next(iter(within.values()))
    address = normalize_email(parseaddr(text)[1] if named else text.rstrip(".,;"))
    field.clean(address, CleanContext())
    result.values["email"] = address


def cut(result: Read, field: Field, text: str) -> str:
    """Truncate a text to its maximum length, with the full text in a note."""
    limit = field.max_length
    if field.type.key == "text" and limit and len(text) > limit:
        result.note(field.label, text, _("Shortened to %(limit)s characters.") % {"limit": limit})
        return text[:limit]
    return text


def country_of(raw: Mapping[str, Any], fields: Mapping[str, Field], context: Context, result: Read) -> str:
    """Return the country of a lead by its name in any language, else that of the context."""
    given = raw.get("country")
    if given in (None, "", [], {}):
        return context.country
    try:
        result.values["country"] = read_country(to_text(given))
        return str(result.values["country"])
    except (Invalid, ValueError) as problem:
        result.note(fields["country"].label if "country" in fields else "country", given, problem)
        return context.country


def read_consent(result: Read, raw: Mapping[str, Any], fields: Mapping[str, Field], context: Context) -> None:
    """Set time and wording of a consent. A refusal, or no value, isn't a consent."""
    text = consent_in(raw.get("consent"))
    if text is None:
        return
    result.values["consent"] = text or context.consent_text or _("Consent given")
    result.values["consent_at"] = timezone.now().isoformat()
    if (given := raw.get("consent_at")) and "consent_at" in fields:
        try:
            fields["consent_at"].clean(given, CleanContext())
            result.values["consent_at"] = given
        except ValueError as problem:
            result.note(fields["consent_at"].label, given, problem)


def consent_in(value: Any) -> str | None:
    """Return the wording of a consent, "" for a plain yes, None if there is none."""
    if isinstance(value, list):
        texts = [consent_in(item) for item in value]
        given = [text for text in texts if text is not None]
        return ", ".join(text for text in given if text) if given else None
    if value in (None, "") or isinstance(value, dict) or str(value).strip().lower() in NOTHING:
        return None
    text = str(value).strip()
    try:
        return "" if read_boolean(text) else None
    except Invalid:
        return None if REFUSES.search(text.lower()) else text


def tidy(value: Any) -> Any:
    """Strip texts, including invisible characters at the ends."""
    return value.strip(EDGES) if isinstance(value, str) else value


def shown(value: Any) -> str:
    """Return a value in readable form for a note."""
    if isinstance(value, dict):
        return "; ".join(f"{key}: {shown(item)}" for key, item in value.items())[:500]
    if isinstance(value, list):
        return ", ".join(shown(item) for item in value)[:500]
    return str(value)[:500]
