"""Where a value stands in what a sender posts: paths by name, also inside lists; and all values with their paths.

A path is names with dots between them. In a list the entry is told by its place (`answers.0`) or, better, by what it
holds (`answers[field.ref=email].email`): senders change the order, and leave out what was not answered. A text that is
JSON is read as JSON on the way, and a list of one value is that value.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

STEP = re.compile(r"\[(?P<key>[^\[\]=]+?)(?:=(?P<wanted>[^\[\]]*))?\]")
PLACE = re.compile(r"([0-9]{1,4})(?:\.|(?=\[)|$)")
NAMES = ("name", "key", "label", "question", "title", "column_id", "field_name", "id", "ref", "slug")
VALUES = ("value", "values", "answer", "string_value", "response", "content", "text")
ONE_VALUE = frozenset(["value", "full", "type", "label", "id", "timestamp", "versions", "source", "sourceId"])
DEEPEST, MOST = 8, 400


@dataclass(frozen=True)
class Incoming:
    """A value of a post: by which path it is found, what it is called there, and what it is.

    `is_plain` says that its name can be trusted to tell what it is: it stands in front, or in a list of answers.
    """

    path: str
    name: str
    value: Any
    is_plain: bool = True


def dig(data: Any, path: str) -> Any:
    """Return what stands at a path; None where nothing does."""
    return single(follow(data, path))


def follow(data: Any, path: str) -> Any:
    """Return what stands at a path as it is."""
    data = opened(data)
    if not path:
        return data
    for name in beginnings(path) if isinstance(data, dict) else ():
        if name in data and (found := follow(data[name], path[len(name) :].removeprefix("."))) is not None:
            return found
    if step := STEP.match(path):
        return follow(entry_of(data, step["key"], step["wanted"]), path[step.end() :].removeprefix("."))
    return follow_list(data, path) if isinstance(data, list) else None


def follow_list(data: list, path: str) -> Any:
    """Return what stands at a path in a list: at a place, or in its only entry."""
    if place := PLACE.match(path):
        number = int(place[1])
        return follow(data[number], path[place.end() :]) if number < len(data) else None
    return follow(data[0], path) if len(data) == 1 else None


def beginnings(path: str) -> Iterator[str]:
    """Return the names with which a path may begin, the longest first: names can hold dots and brackets."""
    yield path
    for mark in reversed([found.start() for found in re.finditer(r"[.\[]", path)]):
        if mark:
            yield path[:mark]


def entry_of(data: Any, key: str, wanted: str | None) -> Any:
    """Return the entry of a list that holds `wanted` at a key, or what an object holds under a key."""
    if wanted is None:
        return data.get(key) if isinstance(data, dict) else None
    entries = list(data.values()) if isinstance(data, dict) else data
    if not isinstance(entries, list):
        return None
    same = [one for one in entries if isinstance(one, dict) and plain(dig(one, key)) == plain(wanted)]
    return same[0] if same else None


def plain(value: Any) -> str:
    """Return a name as it is compared."""
    return str(value).strip().lower() if isinstance(value, str | int) else ""


def opened(data: Any) -> Any:
    """Return what a text of JSON holds, anything else as it is."""
    if isinstance(data, str) and data[:1] in ("{", "[") and data.rstrip()[-1:] in ("}", "]"):
        try:
            return json.loads(data)
        except (ValueError, RecursionError):
            return data
    return data


def single(data: Any) -> Any:
    """Return the one value of a list, anything else as it is."""
    while isinstance(data, list) and len(data) == 1:
        data = data[0]
    return data


def incoming(data: Any) -> list[Incoming]:
    """Return all values of a post with their paths, at most MOST."""
    found = []
    for one in walk(data, "", "", 0, is_plain=True):
        found.append(one)
        if len(found) == MOST:
            break
    return found


CONTAINERS = frozenset(
    [
        *("data", "fields", "field_data", "values", "answers", "questions_and_answers", "user_column_data", "contact"),
        *("lead", "payload", "merges", "person", "properties", "form_data", "form_fields", "submission", "body"),
        *("customer", "user", "formdata", "response", "entry", "record", "attributes", "form_response", "hidden"),
        *("utm", "tracking", "params", "query", "lead_data", "leads", "items", "form_values", "inquiry", "request"),
        *("rawrequest", "data.json"),
    ]
)


def walk(data: Any, path: str, name: str, depth: int, *, is_plain: bool) -> Iterator[Incoming]:
    """Return the values below a path."""
    data = opened(data)
    if depth > DEEPEST:
        return
    if isinstance(data, list) and any(isinstance(one, dict) for one in data):
        yield from walk_list(data, path, depth, is_plain=is_plain)
    elif isinstance(data, dict) and data:
        yield from walk_object(data, path, name, depth, is_plain=is_plain)
    elif single(data) not in (None, "", [], {}):
        yield Incoming(path, name, single(data), is_plain)


def walk_object(data: dict, path: str, name: str, depth: int, *, is_plain: bool) -> Iterator[Incoming]:
    """Return the values of an object; one that names and holds a value is that value."""
    named = name_key(data)
    if path and named and (value := value_key(data, named)) and isinstance(data[named], str):
        yield Incoming(f"{path}.{value}", data[named], single(data[value]), is_plain)
        return
    if path and (one := one_value_key(data)):
        yield Incoming(f"{path}.{one}", name, single(data[one]), is_plain)
        return
    if path and is_plain and is_person_or_address(data):
        yield Incoming(path, name, data, is_plain)
        return
    for key, value in data.items():
        if not str(key):
            continue
        last = last_name_of(str(key))
        inner = opened(value)
        trusted = is_plain and (
            not isinstance(inner, dict | list) or last.lower() in CONTAINERS or is_person_or_address(inner)
            or is_scalars(inner) or (path and is_named_value(inner)) or bool(one_value_key(inner))
        ) and not (key == "name" and FORMS & set(data))  # fmt: skip
        yield from walk(value, f"{path}.{key}" if path else str(key), last, depth + 1, is_plain=trusted)


def walk_list(data: list, path: str, depth: int, *, is_plain: bool) -> Iterator[Incoming]:
    """Return the values of a list of objects, each told by its name where it has one of its own."""
    for place, one in enumerate(data):
        if not isinstance(one, dict):
            continue
        named = name_path(one, data)
        value = value_key(one, named)
        if named and value and "]" not in (label := str(dig(one, named))) and "[" not in label:
            yield Incoming(f"{path}[{named}={label}].{value}", label, simple(one[value]), is_plain)
        else:
            yield from walk(one, f"{path}.{place}", "", depth + 1, is_plain=is_plain and len(data) == 1)


FORMS = frozenset(["formId", "form_id", "siteId", "formID", "data", "fields"])


def one_value_key(data: Any) -> str:
    """Return the key of an object that holds one value and what is known of it."""
    if not isinstance(data, dict) or not set(data) <= ONE_VALUE:
        return ""
    return next((key for key in ("value", "full") if key in data), "")


def is_named_value(data: Any) -> bool:
    """Return whether an object says what it is and holds its value."""
    return isinstance(data, dict) and bool((named := name_key(data)) and value_key(data, named))


def name_path(one: dict, entries: list) -> str:
    """Return under what the entries of a list have names of their own."""
    places = [*NAMES, "field.ref", "field.name", "field.title", "field.id"]
    for place in places:
        named = dig(one, place)
        if isinstance(named, str) and named:
            same = [other for other in entries if isinstance(other, dict) and dig(other, place) == named]
            if len(same) == 1:
                return place
    return ""


def name_key(data: dict) -> str:
    """Return the key under which an object says what it is."""
    return next((key for key in ("name", "label", "title", "question") if isinstance(data.get(key), str)), "")


def value_key(data: dict, named: str) -> str:
    """Return the key under which an object holds its value; one says by its type which."""
    kind = data.get("type")
    if isinstance(kind, str) and kind in data and kind not in (*NAMES, named):
        return kind
    return next((key for key in VALUES if key in data and key != named), "")


def simple(value: Any) -> Any:
    """Return what a choice says: its label or labels."""
    value = single(value)
    if isinstance(value, dict):
        for key in ("label", "labels", "value", "text", "other"):
            if value.get(key):
                return single(value[key])
    return value


FIRST = ("first", "first_name", "firstname", "given", "given_name", "givenname", "fname")
LAST = ("last", "last_name", "lastname", "family", "family_name", "familyname", "lname", "surname")
ADDRESS = {
    "street": ("addr_line1", "address1", "address_line1", "line1", "street", "street1", "street_address", "address"),
    "city": ("city", "town", "locality"),
    "postcode": ("postal", "postcode", "postal_code", "zip", "zip_code", "postalcode"),
    "region": ("state", "region", "province", "county"),
    "country": ("country", "country_code", "countrycode"),
}


def is_person_or_address(data: Any) -> bool:
    """Return whether an object is a person's name in parts, or an address."""
    if not isinstance(data, dict) or not all(isinstance(one, str | int | None) for one in data.values()):
        return False
    keys = {str(key).lower().replace("-", "_") for key in data}
    is_name = bool(keys & {*FIRST}) and bool(keys & {*LAST}) and len(keys) <= 5
    parts = [name for name, spellings in ADDRESS.items() if keys & {*spellings}]
    return is_name or (len(parts) >= 2 and not keys & {"email", "name"})


def is_scalars(data: Any) -> bool:
    """Return whether a list holds plain values alone."""
    return isinstance(data, list) and not any(isinstance(one, dict | list) for one in data)


def last_name_of(name: str) -> str:
    """Return the last part of a name: forms write data[merges][EMAIL]."""
    inner = re.findall(r"\[([^\[\]]+)\]", name)
    return inner[-1] if inner else name
