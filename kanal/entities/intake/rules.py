"""From incoming names and values to a lead's: mapping, conditions; pure, no database, no request (INTAKE-1, 3)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from kanal.entities.intake.changes import CHANGES
from kanal.entities.intake.paths import (
    ADDRESS,
    FIRST,
    LAST,
    Incoming,
    dig,
    incoming,
    is_person_or_address,
    simple,
)
from kanal.entities.intake.senders import Sender, sender_of
from kanal.entities.intake.spellings import OPEN_NAMES, OTHER_NAMES
from kanal.kit import names
from kanal.kit.letters import fold

TECHNICAL = re.compile(
    r"^_|(?:^|[._\[])(?:id|ids|token|nonce|hash|ip|ip_opt|email_type|web_id|list_id|fired_at|event|event_id|event_type|type|"
    r"form_id|formid|submissionid|submission_id|object_?type_?id|ref|definition|ending|landed_at|submitted_at|"
    r"submittedat|user_agent|referer|api_version|google_key|gclid|signature|website_url_hp|honeypot|created_time|ip_address|is_test|vid|"
    r"siteid|slug|pretty|triggertype|formtitle|form_title|lead_id|gcl_id|page_id)$",
    re.IGNORECASE,
)

EMAIL = re.compile(r"[^\s@<>,;:/]+@[^\s@<>,;:/]+\.[^\W\d_]{2,}")


@dataclass
class Mapped:
    """A post by the fields of a lead: raw values, of which incoming names each is, and what no field takes."""

    values: dict[str, Any] = field(default_factory=dict)
    origins: dict[str, str] = field(default_factory=dict)
    answers: list[tuple[str, Any]] = field(default_factory=list)
    notes: list[tuple[str, str, str]] = field(default_factory=list)


def apply_mapping(mapping: Mapping[str, Any], data: Mapping[str, Any]) -> dict[str, Any]:
    """Return a post by the fields of a lead."""
    return map_post(mapping, data).values


def map_post(mapping: Mapping[str, Any], data: Mapping[str, Any]) -> Mapped:
    """Return a post by fields: as mapped, as its sender is known to write, by plain names, as fixed."""
    found, used = Mapped(), set[str]()
    for entry in mapping.get("fields", []):
        used.add(entry["from"])
        raw = dig(data, entry["from"])
        if raw not in (None, "", [], {}):
            put(found, entry["to"], changed(raw, entry.get("do", [])), entry["from"])
    given = frozenset(found.values)
    add_of_sender(found, used, sender_of(mapping, data), data, given)
    came = incoming(data)
    for one in came:
        add_by_name(found, used, one, data)
    add_only_email(found, used, came, data)
    found.answers = [(one.name or one.path, one.value) for one in came if is_answer(one, used, data)][:60]
    for key, value in mapping.get("fixed", {}).items():
        found.values[key] = value
    split_name(found)
    return found


def add_of_sender(found: Mapped, used: set[str], sender: Sender | None, data: Any, given: frozenset[str]) -> None:
    """Add what a known sender's names mean, where the source's own mapping does not say it."""
    for path, target in sender.fields if sender else ():
        raw = simple(dig(data, path))
        if raw in (None, "", [], {}):
            continue
        taken = target in found.values or (target in ("first_name", "last_name") and "full_name" in given)
        if not taken:
            put(found, target, raw, path)
            used.add(path)


def add_by_name(found: Mapped, used: set[str], one: Incoming, data: Any) -> None:
    """Add what a plain name says, unless the field has its value already."""
    target = target_of(one) if one.is_plain and not is_used(one.path, used, data) else ""
    if not target or target in found.values:
        return
    if target in ("first_name", "last_name", "full_name") and "full_name" in found.values:
        return
    put(found, target, one.value, one.path)
    used.add(one.path)


def add_only_email(found: Mapped, used: set[str], came: list[Incoming], data: Any) -> None:
    """Add the only e-mail address of a post whose names tell of no way to reach somebody: forms number their fields."""
    if found.values.get("email") or found.values.get("phone"):
        return
    free = [one for one in came if isinstance(one.value, str) and not is_used(one.path, used, data)]
    written = [one for one in free if EMAIL.fullmatch(one.value.strip())]
    if written and len({one.value.strip().lower() for one in written}) == 1:
        put(found, "email", written[0].value, written[0].path)
        used.add(written[0].path)


def target_of(one: Incoming) -> str:
    """Return the field that a name stands for, or nothing."""
    if one.name.startswith("custom."):
        return one.name
    name = re.sub(r"[^a-z0-9]+", "_", re.sub(r"^q[0-9]+_", "", fold(one.name))).strip("_")
    if name in OPEN_NAMES:
        return name
    joined = name.replace("_", "")
    if isinstance(one.value, dict) and is_person_or_address(one.value):
        return "street" if "address" in joined or "adress" in joined or not _has(one.value, FIRST) else "full_name"
    return (
        OTHER_NAMES.get(joined)
        or OTHER_NAMES.get(joined.removeprefix("your"))
        or ("consent" if joined.startswith(("acceptance", "consent", "gdpr")) else "")
    )


def _has(data: Mapping[str, Any], wanted: tuple[str, ...]) -> bool:
    return any(str(key).lower().replace("-", "_") in wanted for key in data)


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


def changed(raw: Any, names: list[str]) -> Any:
    """Apply transformations to a value, if it is a text or a number."""
    raw = simple(raw)
    if not names or isinstance(raw, bool | dict | list):
        return raw
    text = str(raw)
    for name in names:
        text = CHANGES[name](text)
    return text


def put(found: Mapped, name: str, value: Any, origin: str) -> None:
    """Put a value under a field; what comes to the same text twice is joined, an object is taken apart."""
    if isinstance(value, dict) and is_person_or_address(value):
        parts = parts_of(name, value)
        for key, part in parts.items():
            if not found.values.get(key) or key == name:
                put(found, key, part, origin)
        if parts:
            return
    if name in ("description", "street") and found.values.get(name):
        value = f"{found.values[name]}\n{value}" if name == "description" else f"{found.values[name]} {value}"
    found.values[name] = value
    found.origins[name] = origin


def parts_of(name: str, value: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields of a name or an address that came as an object."""
    named = {str(key).lower().replace("-", "_"): one for key, one in value.items() if one not in (None, "")}
    wanted = {"first_name": FIRST, "last_name": LAST} if name in ("full_name", "first_name", "last_name") else ADDRESS
    return {
        target: next(named[key] for key in keys if key in named)
        for target, keys in wanted.items()
        if any(key in named for key in keys)
    }


def split_name(found: Mapped) -> None:
    """Turn a full name into first and last name, where these are not given; titles are noted."""
    whole = found.values.pop("full_name", "") or ""
    if isinstance(whole, list):
        whole = " ".join(str(one) for one in whole)
    if not isinstance(whole, str) or not whole.strip():
        return
    name = names.split_name(whole)
    if not found.values.get("first_name") and not found.values.get("last_name"):
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
    """Tell whether two leads are of one person: the same e-mail address, or the same phone and nothing that differs."""
    if one.get("email") and one.get("email") == other.get("email"):
        return True
    if not one.get("phone") or one.get("phone") != other.get("phone"):
        return False
    return not any(differs(one.get(key, ""), other.get(key, "")) for key in ("email", "last_name"))


def differs(one: str, other: str) -> bool:
    """Tell whether both texts are given and are not the same."""
    return bool(one and other and fold(one) != fold(other))
