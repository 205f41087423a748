"""Where a value stands in what a sender posts: paths by name, also inside lists.

A path is names with dots between them. In a list the entry is told by its place (`answers.0`) or, better, by what it
holds (`answers[field.ref=email].email`): senders change the order, and leave out what was not answered. A text that is
JSON is read as JSON on the way, and a list of one value is that value.
"""

import json
import re
from collections.abc import Iterator
from typing import Any

STEP = re.compile(r"\[(?P<key>[^\[\]=]+?)(?:=(?P<wanted>[^\[\]]*))?\]")
PLACE = re.compile(r"([0-9]{1,4})(?:\.|(?=\[)|$)")


def dig(data: Any, path: str) -> Any:
    """Return what stands at a path; None where nothing does."""
    return single(resolve_path(data, path))


def resolve_path(data: Any, path: str) -> Any:
    """Return what stands at a path as it is."""
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
    """Return what stands at a path in a list: at a place, or in its only entry."""
    if place := PLACE.match(path):
        number = int(place[1])
        return resolve_path(data[number], path[place.end() :]) if number < len(data) else None
    return resolve_path(data[0], path) if len(data) == 1 else None


def beginnings(path: str) -> Iterator[str]:
    """Return the names with which a path may begin, the longest first: names can hold dots and brackets."""
    yield path
    for mark in reversed([match.start() for match in re.finditer(r"[.\[]", path)]):
        if mark:
            yield path[:mark]


def find_entry(data: Any, key: str, wanted: str | None) -> Any:
    """Return the entry of a list that holds `wanted` at a key, or what an object holds under a key."""
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
