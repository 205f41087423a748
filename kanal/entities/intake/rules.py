"""From incoming names and values to a lead's: mapping, conditions; pure, no database, no request (INTAKE-1, 3)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from kanal.entities.intake.changes import CHANGES
from kanal.entities.intake.incoming import OTHERS, Incoming, incoming, simple
from kanal.entities.intake.naming import KINDS, target_of, words_of
from kanal.entities.intake.paths import dig
from kanal.entities.intake.senders import Sender, sender_of
from kanal.entities.intake.shapes import FIRST, channel_of, is_channel, is_person_or_address, parts_of
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
    """A post by the fields of a lead: raw values, of which incoming names each is, and what no field takes."""

    values: dict[str, Any] = field(default_factory=dict)
    origins: dict[str, str] = field(default_factory=dict)
    answers: list[tuple[str, Any]] = field(default_factory=list)
    notes: list[tuple[str, str, str]] = field(default_factory=list)


def map_post(mapping: Mapping[str, Any], data: Mapping[str, Any]) -> Mapped:
    """Return a post by fields: as mapped, as its sender is known to write, by plain names, as fixed."""
    found, used = Mapped(), set[str]()
    for entry in mapping.get("fields", []):
        used.add(entry["from"])
        raw = dig(data, entry["from"])
        if raw not in (None, "", [], {}):
            put(found, entry["to"], changed(raw, entry.get("do", []), entry["to"]), entry["from"])
    given = frozenset(found.values)
    add_of_sender(found, used, sender_of(mapping, data), data, given)
    came = incoming(data)
    for one in came:
        add_by_name(found, used, one, data, given)
    add_only_email(found, used, came, data)
    take_wording(found)
    found.answers = answers_of(found, used, came, data)
    for key, value in mapping.get("fixed", {}).items():
        found.values[key] = value
    take_name_of_address(found)
    split_name(found)
    return found


def add_of_sender(found: Mapped, used: set[str], sender: Sender | None, data: Any, given: frozenset[str]) -> None:
    """Add what a known sender's names mean, where the source's own mapping does not say it."""
    for path, target in sender.fields if sender else ():
        raw = simple(dig(data, path))
        if raw in (None, "", [], {}):
            continue
        if not (target in found.values or is_given(target, given)):
            put(found, target, raw, path)
            used.add(path)


def is_given(target: str, given: frozenset[str]) -> bool:
    """Return whether the source's own mapping says a name, whole or in parts."""
    return (target in NAME_PARTS and "full_name" in given) or (
        target == "full_name" and not given.isdisjoint(NAME_PARTS)
    )


def add_by_name(found: Mapped, used: set[str], one: Incoming, data: Any, given: frozenset[str]) -> None:
    """Add what a plain name says, unless the field has its value already."""
    target = field_of(one) if one.is_plain and not is_used(one.path, used, data) else ""
    if not target or is_given(target, given) or (target in found.values and not is_more(target, one, found, given)):
        return
    put(found, target, one.value, one.path)
    used.add(one.path)


def is_more(target: str, one: Incoming, found: Mapped, given: frozenset[str]) -> bool:
    """Return whether a further value belongs below the one that is there: another text, the second line of a street."""
    if target in given or not isinstance(one.value, str) or not isinstance(found.values[target], str):
        return False
    if target == "street":
        return words_of(one.name)[-1:] in (["2"], ["line2"], ["address2"], ["street2"])
    return target == "description"


def add_only_email(found: Mapped, used: set[str], came: list[Incoming], data: Any) -> None:
    """Add the only e-mail address of a post whose names tell of no way to reach somebody: forms number their fields."""
    if found.values.get("email") or found.values.get("phone"):
        return
    free = [one for one in came if isinstance(one.value, str) and not is_used(one.path, used, data)]
    written = [one for one in free if EMAIL.fullmatch(one.value.strip()) and OTHERS.isdisjoint(words_of(one.path))]
    if written and len({one.value.strip().lower() for one in written}) == 1:
        put(found, "email", written[0].value, written[0].path)
        used.add(written[0].path)


def field_of(one: Incoming) -> str:
    """Return the field that a value is for by its names, else by the kind of its field, or nothing."""
    if isinstance(one.value, dict):
        return field_of_object(one)
    target = next((found for name in (one.name, *one.also) if (found := target_of(name))), KINDS.get(one.kind, ""))
    text = one.value.strip() if isinstance(one.value, str) else ""
    if target in ("full_name", *NAME_PARTS) and EMAIL.fullmatch(text):
        return "email"
    if target == "subject" and AN_EVENT.fullmatch(text):
        return ""
    if target == "country" and words_of(one.name) == ["kraj"]:
        return "country" if country_in(text) else "region"  # one language's country is another's region
    return target


def field_of_object(one: Incoming) -> str:
    """Return the field that an object in parts is for: a channel, a name or an address, whatever it is called."""
    if is_channel(one.name, one.value):
        return channel_of(one.name)
    if not is_person_or_address(one.value):
        return ""
    has_first = any(str(key).lower().replace("-", "_") in FIRST for key in one.value)
    return "full_name" if has_first and target_of(one.name) != "street" else "street"


def country_in(value: Any) -> str:
    """Return the code of the country that a value names, or nothing."""
    try:
        return read_country(value) if isinstance(value, str) else ""
    except Invalid:
        return ""


def is_used(path: str, used: set[str], data: Any) -> bool:
    """Return whether a mapping reads what stands at a path, or something around or within it."""
    if path in used or any(path.startswith((f"{one}.", f"{one}[")) for one in used):
        return True
    found = dig(data, path)
    return any(one.startswith((f"{path}.", f"{path}[")) for one in used) or (
        isinstance(found, str) and bool(found) and any(dig(data, one) is found for one in used)
    )


def is_answer(one: Incoming, used: set[str], data: Any) -> bool:
    """Return whether a value is something that somebody answered and no field takes."""
    if TECHNICAL.search(one.path) or TECHNICAL.search(one.name) or ".definition." in one.path:
        return False
    return not is_used(one.path, used, data)


def answers_of(found: Mapped, used: set[str], came: list[Incoming], data: Any) -> list[tuple[str, Any]]:
    """Return what somebody answered and no field takes, without what is there already under another name."""
    known = {said(value) for value in found.values.values()} | {""}
    kept: list[tuple[str, Any]] = []
    seen: set[tuple[str, str]] = set()
    for one in came:
        mark = (fold(one.name or one.path), said(one.value))
        if is_answer(one, used, data) and mark not in seen and mark[1] not in known:
            seen.add(mark)
            kept.append((one.name or one.path, one.value))
    return kept[:60]


def said(value: Any) -> str:
    """Return a text as it is compared with another, one too short to tell anything as itself alone."""
    text = fold(value).strip() if isinstance(value, str) else ""
    return text if len(text) > 3 else f"\x00{value!r}"


def changed(raw: Any, names: list[str], target: str = "") -> Any:
    """Apply transformations to a value, if it is a text or a number."""
    if is_channel(target, raw):
        return raw
    raw = simple(raw)
    if not names or isinstance(raw, bool | dict | list):
        return raw
    text = str(raw)
    for name in names:
        text = CHANGES[name](text)
    return text


def put(found: Mapped, name: str, value: Any, origin: str) -> None:
    """Put a value under a field; what comes to the same text twice is joined, an object is taken apart."""
    if is_channel(name, value) or is_person_or_address(value):
        parts = parts_of(name, value)
        for key, part in parts.items():
            if not found.values.get(key) or key == name:
                put(found, key, part, origin)
        if parts:
            return
    found.values[name] = joined(name, found.values.get(name), value)
    found.origins[name] = origin


def joined(name: str, there: Any, value: Any) -> Any:
    """Return a further text below, or behind, the one that is there; what says the same is not said twice."""
    if name not in ("description", "street") or not there:
        return value
    if str(value) in str(there):
        return there
    if str(there) in str(value):
        return value
    return f"{there}\n{value}" if name == "description" else f"{there} {value}"


def take_name_of_address(found: Mapped) -> None:
    """Take the name that stands before an e-mail address, where no other is given."""
    email = found.values.get("email")
    if any(found.values.get(key) for key in ("full_name", *NAME_PARTS)) or not isinstance(email, str):
        return
    if (both := WITH_NAME.fullmatch(email)) and not target_of(both["name"]):
        found.values["full_name"] = both["name"]


def take_wording(found: Mapped) -> None:
    """Keep to what somebody consented, where they did; the words alone are no consent."""
    wording, value = found.values.pop("consent_text", None), found.values.get("consent")
    if wording and (value is True or str(value).strip().lower() in ("1", "on", "true", "yes", "checked")):
        found.values["consent"] = wording


def split_name(found: Mapped) -> None:
    """Turn a full name into first and last name, where these are not given; titles are noted."""
    whole = found.values.pop("full_name", "") or ""
    if isinstance(whole, list):
        whole = " ".join(str(one) for one in whole)
    if not isinstance(whole, str) or not whole.strip():
        return
    first, last = (str(found.values.get(key) or "").strip() for key in NAME_PARTS)
    if first and last:
        return
    if first or last:
        rest = " ".join(word for word in whole.split() if fold(word) not in fold(f"{first} {last}").split())
        found.values["last_name" if first else "first_name"] = rest
        return
    name = names.split_name(whole, country_in(found.values.get("country")))
    found.values |= {"first_name": name.first, "last_name": name.last}
    aside = ", ".join(one for one in (name.titles, name.suffix) if one)
    if aside:
        found.notes.append((_("Title"), aside, ""))


def is_reachable(values: Mapping[str, Any]) -> bool:
    """Return whether a lead names somebody who could be reached (INTAKE-2)."""
    return any(values.get(key) for key in ("email", "phone", "company", "website", "street", "account", "contact"))


def is_known_otherwise(values: Mapping[str, Any], raw: Mapping[str, Any]) -> bool:
    """Return whether a sender names a person and a subject and has no addresses at all: it knows how to reach them."""
    return bool(values.get("last_name") and values.get("subject")) and not (raw.get("email") or raw.get("phone"))


def is_same_person(one: Mapping[str, str], other: Mapping[str, str]) -> bool:
    """Return whether two leads are one person: the same e-mail address, or the same phone and no difference."""
    if one.get("email") and one.get("email") == other.get("email"):
        return True
    if not one.get("phone") or one.get("phone") != other.get("phone"):
        return False
    return not any(differs(one.get(key, ""), other.get(key, "")) for key in ("email", "last_name"))


def differs(one: str, other: str) -> bool:
    """Return whether both texts are given and are not the same."""
    return bool(one and other and fold(one) != fold(other))
