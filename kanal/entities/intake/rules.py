"""From incoming names and values to those of a lead: mapping, conditions. No database or request (INTAKE-1, 3)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from kanal.entities.intake.changes import CHANGES
from kanal.entities.intake.incoming import OTHERS, Incoming, incoming, simple
from kanal.entities.intake.naming import KINDS, split_words, target_field
from kanal.entities.intake.paths import dig
from kanal.entities.intake.senders import Sender, sender_of
from kanal.entities.intake.shapes import FIRST, channel_of, is_channel, is_person_or_address, split_object
from kanal.kit import names
from kanal.kit.errors import Invalid
from kanal.kit.letters import fold
from kanal.kit.reading.countries import read_country

TECHNICAL = re.compile(
    r"^_|(?:^|[._\[])(?:id|ids|token|nonce|hash|ip|ip_opt|email_type|web_id|list_id|fired_at|event|event_?id|event_?type|type|"
    r"form_?id|submission_?id|object_?type_?id|object_?id|ref|definition|schema|ending|landed_at|submitted_?at|"
    r"user_?agent|referer|api_version|google_key|gclid|signature|website_url_hp|honeypot|created_?(?:time|at|ate)?|"
    r"create_?date|updated_?at|ip_address|remote_?ip|is_test|test_?lead|vid|canonical-vid|is-contact|oid|returl|debug|"
    r"debugemail|site_?id|slug|pretty|trigger_?type|form_?title|lead_?id|gcl_id|page_?id|row_?id|response_?id|respondent_?id|"
    r"question_?id|consent_?id|contact_?id|form_?element_?id|webhook_?url|execution_?mode|powered by|message-id|"
    r"initiated_from|raw_value|required|primary)\]?$",
    re.IGNORECASE,
)
AN_EVENT = re.compile(r"[a-z_]+(?:[./:][a-z_]+)+")
EMAIL = re.compile(r"[^\s@<>,;:/]+@[^\s@<>,;:/]+\.[^\W\d_]{2,}")
WITH_NAME = re.compile(r"\s*\"?(?P<name>[^<>@,;\"]+?)\"?\s*<[^<>\s]+@[^<>\s]+>\s*")
NAME_PARTS = ("first_name", "last_name")


@dataclass
class Mapped:
    """A post by fields of a lead: raw values, their incoming names, and unmapped values."""

    values: dict[str, Any] = field(default_factory=dict)
    origins: dict[str, str] = field(default_factory=dict)
    answers: list[tuple[str, Any]] = field(default_factory=list)
    notes: list[tuple[str, str, str]] = field(default_factory=list)


def map_post(mapping: Mapping[str, Any], data: Mapping[str, Any]) -> Mapped:
    """Map a post to fields: by the mapping, by the known sender's names, by plain names, and fixed values."""
    result, used = Mapped(), set[str]()
    for entry in mapping.get("fields", []):
        used.add(entry["from"])
        raw = dig(data, entry["from"])
        if raw not in (None, "", [], {}):
            merge_value(result, entry["to"], changed(raw, entry.get("do", []), entry["to"]), entry["from"])
    given = frozenset(result.values)
    add_of_sender(result, used, sender_of(mapping, data), data, given)
    came = incoming(data)
    for node in came:
        add_by_name(result, used, node, data, given)
    add_only_email(result, used, came, data)
    take_wording(result)
    result.answers = answers_of(result, used, came, data)
    for key, value in mapping.get("fixed", {}).items():
        result.values[key] = value
    take_name_of_address(result)
    split_name(result)
    return result


def add_of_sender(result: Mapped, used: set[str], sender: Sender | None, data: Any, given: frozenset[str]) -> None:
    """Add fields by a known sender's names, unless the source's own mapping has them."""
    for path, target in sender.fields if sender else ():
        raw = simple(dig(data, path))
        if raw in (None, "", [], {}):
            continue
        if not (target in result.values or is_given(target, given)):
            merge_value(result, target, raw, path)
            used.add(path)


def is_given(target: str, given: frozenset[str]) -> bool:
    """Return whether the source's own mapping has a field, as a whole or in parts."""
    return (target in NAME_PARTS and "full_name" in given) or (
        target == "full_name" and not given.isdisjoint(NAME_PARTS)
    )


def add_by_name(result: Mapped, used: set[str], node: Incoming, data: Any, given: frozenset[str]) -> None:
    """Add a field by a plain name, unless it already has a value."""
    target = field_of(node) if node.is_plain and not is_used(node.path, used, data) else ""
    if not target or is_given(target, given) or (target in result.values and not is_more(target, node, result, given)):
        return
    merge_value(result, target, node.value, node.path)
    used.add(node.path)


def is_more(target: str, node: Incoming, result: Mapped, given: frozenset[str]) -> bool:
    """Return whether another value is appended to the existing one: more text, or the second line of a street."""
    if target in given or not isinstance(node.value, str) or not isinstance(result.values[target], str):
        return False
    if target == "street":
        return split_words(node.name)[-1:] in (["2"], ["line2"], ["address2"], ["street2"])
    return target == "description"


def add_only_email(result: Mapped, used: set[str], came: list[Incoming], data: Any) -> None:
    """Add the only email address of a post without recognizable contact data, for forms with numbered fields."""
    if result.values.get("email") or result.values.get("phone"):
        return
    free = [node for node in came if isinstance(node.value, str) and not is_used(node.path, used, data)]
    written = [
        node for node in free if EMAIL.fullmatch(node.value.strip()) and OTHERS.isdisjoint(split_words(node.path))
    ]
    if written and len({node.value.strip().lower() for node in written}) == 1:
        merge_value(result, "email", written[0].value, written[0].path)
        used.add(written[0].path)


def field_of(node: Incoming) -> str:
    """Return the field of a value by its names, else by the kind of its form field, or ""."""
    if isinstance(node.value, dict):
        return field_of_object(node)
    target = next(
        (match for name in (node.name, *node.also) if (match := target_field(name))), KINDS.get(node.kind, "")
    )
    text = node.value.strip() if isinstance(node.value, str) else ""
    if target in ("full_name", *NAME_PARTS) and EMAIL.fullmatch(text):
        return "email"
    if target == "subject" and AN_EVENT.fullmatch(text):
        return ""
    if target == "country" and split_words(node.name) == ["kraj"]:
        return "country" if country_in(text) else "region"  # a country in one language is a region in another
    return target


def field_of_object(node: Incoming) -> str:
    """Return the field of an object in parts: a channel, a name or an address, under any name."""
    if is_channel(node.name, node.value):
        return channel_of(node.name)
    if not is_person_or_address(node.value):
        return ""
    has_first = any(str(key).lower().replace("-", "_") in FIRST for key in node.value)
    return "full_name" if has_first and target_field(node.name) != "street" else "street"


def country_in(value: Any) -> str:
    """Return the code of the country in a value, or ""."""
    try:
        return read_country(value) if isinstance(value, str) else ""
    except Invalid:
        return ""


def is_used(path: str, used: set[str], data: Any) -> bool:
    """Return whether a mapping uses the value at a path, or one around or inside it."""
    if path in used or any(path.startswith((f"{other}.", f"{other}[")) for other in used):
        return True
    value = dig(data, path)
    return any(other.startswith((f"{path}.", f"{path}[")) for other in used) or (
        isinstance(value, str) and bool(value) and any(dig(data, other) is value for other in used)
    )


def is_answer(node: Incoming, used: set[str], data: Any) -> bool:
    """Return whether a value is an answer that isn't mapped to any field."""
    if TECHNICAL.search(node.path) or TECHNICAL.search(node.name) or ".definition." in node.path:
        return False
    return not is_used(node.path, used, data)


def answers_of(result: Mapped, used: set[str], came: list[Incoming], data: Any) -> list[tuple[str, Any]]:
    """Return unmapped answers, without those already present under another name."""
    known = {said(value) for value in result.values.values()} | {""}
    kept: list[tuple[str, Any]] = []
    marks: set[tuple[str, str]] = set()
    for node in came:
        mark = (fold(node.name or node.path), said(node.value))
        if is_answer(node, used, data) and mark not in marks and mark[1] not in known:
            marks.add(mark)
            kept.append((node.name or node.path, node.value))
    return kept[:60]


def said(value: Any) -> str:
    """Return a text in normalized form for comparison. Short texts are only equal to themselves."""
    text = fold(value).strip() if isinstance(value, str) else ""
    return text if len(text) > 3 else f"\x00{value!r}"


def changed(raw: Any, names: list[str], target: str = "") -> Any:
    """Apply transformations to a value if it's a text or number."""
    if is_channel(target, raw):
        return raw
    raw = simple(raw)
    if not names or isinstance(raw, bool | dict | list):
        return raw
    text = str(raw)
    for name in names:
        text = CHANGES[name](text)
    return text


def merge_value(result: Mapped, name: str, value: Any, origin: str) -> None:
    """Set the value of a field. Multiple values of a text field are joined, an object is split into fields."""
    if is_channel(name, value) or is_person_or_address(value):
        parts = split_object(name, value)
        for key, part in parts.items():
            if not result.values.get(key) or key == name:
                merge_value(result, key, part, origin)
        if parts:
            return
    result.values[name] = append_text(name, result.values.get(name), value)
    result.origins[name] = origin


def append_text(name: str, there: Any, value: Any) -> Any:
    """Append a text to a description or street, unless already included. Replace other values."""
    if name not in ("description", "street") or not there:
        return value
    if str(value) in str(there):
        return there
    if str(there) in str(value):
        return value
    return f"{there}\n{value}" if name == "description" else f"{there} {value}"


def take_name_of_address(result: Mapped) -> None:
    """Set the name from the one before an email address, if there is no other."""
    email = result.values.get("email")
    if any(result.values.get(key) for key in ("full_name", *NAME_PARTS)) or not isinstance(email, str):
        return
    if (both := WITH_NAME.fullmatch(email)) and not target_field(both["name"]):
        result.values["full_name"] = both["name"]


def take_wording(result: Mapped) -> None:
    """Store the wording of a consent, if given. The wording alone isn't a consent."""
    wording, value = result.values.pop("consent_text", None), result.values.get("consent")
    if wording and (value is True or str(value).strip().lower() in ("1", "on", "true", "yes", "checked")):
        result.values["consent"] = wording


def split_name(result: Mapped) -> None:
    """Split a full name into first and last name, if these are missing. Titles are noted."""
    whole = result.values.pop("full_name", "") or ""
    if isinstance(whole, list):
        whole = " ".join(str(part) for part in whole)
    if not isinstance(whole, str) or not whole.strip():
        return
    first, last = (str(result.values.get(key) or "").strip() for key in NAME_PARTS)
    if first and last:
        return
    if first or last:
        rest = " ".join(word for word in whole.split() if fold(word) not in fold(f"{first} {last}").split())
        result.values["last_name" if first else "first_name"] = rest
        return
    name = names.split_name(whole, country_in(result.values.get("country")))
    result.values |= {"first_name": name.first, "last_name": name.last}
    aside = ", ".join(part for part in (name.titles, name.suffix) if part)
    if aside:
        result.notes.append((_("Title"), aside, ""))


def is_reachable(values: Mapping[str, Any]) -> bool:
    """Return whether a lead has contact data (INTAKE-2)."""
    return any(values.get(key) for key in ("email", "phone", "company", "website", "street", "account", "contact"))


def is_known_otherwise(values: Mapping[str, Any], raw: Mapping[str, Any]) -> bool:
    """Return whether a sender sends a person and a subject without addresses: it knows how to contact them."""
    return bool(values.get("last_name") and values.get("subject")) and not (raw.get("email") or raw.get("phone"))


def is_same_person(person: Mapping[str, str], other: Mapping[str, str]) -> bool:
    """Return whether two leads are the same person: equal email address, or equal phone and no difference."""
    if person.get("email") and person.get("email") == other.get("email"):
        return True
    if not person.get("phone") or person.get("phone") != other.get("phone"):
        return False
    return not any(differs(person.get(key, ""), other.get(key, "")) for key in ("email", "last_name"))


def differs(value: str, other: str) -> bool:
    """Return whether both texts are given and differ."""
    return bool(value and other and fold(value) != fold(other))
