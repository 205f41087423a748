"""Parsing of request bodies, with clear errors for invalid ones."""

import json
from typing import Any

import orjson
from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja.errors import HttpError

from kanal.kit.errors import Invalid
from kanal.kit.reading.ids import id_of

LARGEST = 5 * 1024 * 1024


def read_json(request: HttpRequest, *, many: bool = False) -> Any:
    """Parse a JSON body. An empty one is an empty object. With `many`, fields report unstorable values themselves."""
    if (id_of(request.headers.get("Content-Length")) or 0) > LARGEST:
        raise HttpError(413, _("The body is larger than %(limit)s MB.") % {"limit": LARGEST // 1024**2})
    if not request.body:
        return {}
    kind = request.content_type or ""
    if kind != "application/json" and not (kind.startswith("application/") and kind.endswith("+json")):
        raise HttpError(415, _("Send the body as application/json."))
    try:
        data = orjson.loads(request.body)
        json.loads(request.body, object_pairs_hook=without_repeats)
    except (ValueError, RecursionError):
        raise HttpError(400, _("The body is not valid JSON.")) from None
    if not many and b"\\u0000" in request.body and (place := place_of_nul(data)) is not None:
        raise Invalid.on(place, _("This text contains a character that can't be stored."))
    return data


def without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return the object. Raise Invalid if it contains a field twice, which is ambiguous."""
    result = dict(pairs)
    if len(result) < len(pairs):
        names = [name for name, _value in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise Invalid.on(twice[:80], _("This field is given twice."))
    return result


def place_of_nul(data: Any, place: str = "") -> str | None:
    """Return the field whose text contains the character NUL, which the database rejects."""
    if isinstance(data, str):
        return place if "\x00" in data else None
    pairs = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for name, value in pairs:
        below = f"{place}.{name}".strip(".").replace("\x00", "")[:200]
        if "\x00" in str(name):
            return below
        if (nul_place := place_of_nul(value, below)) is not None:
            return nul_place
    return None


def read_object(request: HttpRequest, *, many: bool = False) -> dict[str, Any]:
    """Parse a JSON body that must be an object. With `many`, it contains objects that are validated individually."""
    data = read_json(request, many=many)
    if not isinstance(data, dict):
        raise HttpError(422, _("The body must be a JSON object."))
    return data
