"""Paths of values in a post: by name, also inside lists.

A path consists of names separated by dots. An entry of a list is identified by its index (`answers.0`) or, better, by
its content (`answers[field.ref=email].email`), since senders change the order and omit unanswered questions. A text
that's JSON is parsed on the way, and a list of one value is that value.
"""

import json
import re
from collections.abc import Iterator
from typing import Any

STEP = re.compile(r"\[(?P<key>[^\[\]=]+?)(?:=(?P<wanted>[^\[\]]*))?\]")
PLACE = re.compile(r"([0-9]{1,4})(?:\.|(?=\[)|$)")


def dig(data: Any, path: str) -> Any:
    """Return the value at a path, or None."""
    return single(resolve_path(data, path))


def resolve_path(data: Any, path: str) -> Any:
    """Return the value at a path unchanged."""
    data = opened(data)
    if not path:
        return data
    for name in beginnings(path) if isinstance(data, dict) else ():
        if name in data and (value := resolve_path(data[name], path[len(name) :].removeprefix("."))) is not None:
            return value
    if step := STEP.match(path):
        return resolve_path(find_entry(data, step["key"], step["wanted"]), path[step.end() :].removeprefix("."))
    return follow_list(data, path) if isinstance(data, list) else None


def follow_list(data: list, path: str) -> Any:
    """Return the value at a path in a list: at an index, or in its only entry."""
    if place := PLACE.match(path):
        number = int(place[1])
        return resolve_path(data[number], path[place.end() :]) if number < len(data) else None
    return resolve_path(data[0], path) if len(data) == 1 else None


def beginnings(path: str) -> Iterator[str]:
    """Yield the possible first names of a path, longest first, since names can contain dots and brackets."""
    yield path
    for mark in reversed([match.start() for match in re.finditer(r"[.\[]", path)]):
        if mark:
            yield path[:mark]


def find_entry(data: Any, key: str, wanted: str | None) -> Any:
    """Return the entry of a list with the value `wanted` at a key, or the value of an object's key."""
    if wanted is None:
        return data.get(key) if isinstance(data, dict) else None
    entries = list(data.values()) if isinstance(data, dict) else data
    if not isinstance(entries, list):
        return None
    same = [
        entry
        for entry in entries
        if isinstance(entry, dict) and normalize_name(dig(entry, key)) == normalize_name(wanted)
    ]
    return same[0] if same else None


def normalize_name(value: Any) -> str:
    """Return a name in normalized form."""
    return str(value).strip().lower() if isinstance(value, str | int) else ""


def opened(data: Any) -> Any:
    """Parse a text if it's JSON, and return any other value unchanged."""
    if isinstance(data, str) and data[:1] in ("{", "[") and data.rstrip()[-1:] in ("}", "]"):
        try:
            return json.loads(data)
        except (ValueError, RecursionError):
            return data
    return data


def single(data: Any) -> Any:
    """Return the only value of a list, and any other value unchanged."""
    while isinstance(data, list) and len(data) == 1:
        data = data[0]
    return data
