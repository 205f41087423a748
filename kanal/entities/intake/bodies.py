"""How the body of a post is read: JSON, a JSON list, or form data; nothing here knows of leads."""

import json
import re
from email.parser import BytesParser
from email.policy import HTTP
from typing import Any
from urllib.parse import parse_qsl

from django.utils.translation import gettext as _

MOST_LEADS = 1000
MOST_BYTES = 1_000_000
MOST_SHOWN = 20_000
MEANINGLESS = re.compile("[\x00\ud800-\udfff]")


class UnreadableError(ValueError):
    """Say why a body can't be understood."""


class TooManyError(ValueError):
    """Say that a list holds more leads than one post may."""


def read_body(body: bytes, content_type: str) -> tuple[list[Any], bool]:
    """Give what a body holds, one object for each lead, and whether it was a list; raise Unreadable or TooMany."""
    kind = content_type.partition(";")[0].strip().lower()
    if kind == "application/x-www-form-urlencoded":
        return [read_form(body)], False
    if kind == "multipart/form-data":
        return [read_multipart(body, content_type)], False
    found = read_json(body)
    if isinstance(found, list):
        if len(found) > MOST_LEADS:
            raise TooManyError(_("One post holds at most %(limit)s leads.") % {"limit": MOST_LEADS})
        if not found:
            raise UnreadableError(_("The list is empty."))
        return found, True
    return [found], False


def read_json(body: bytes) -> Any:
    """Read JSON; raise Unreadable for anything else than an object or a list."""
    try:
        found = json.loads(body.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        raise UnreadableError(_("The body is not valid JSON.")) from None
    if not isinstance(found, dict | list):
        raise UnreadableError(_("The body holds neither an object nor a list."))
    return found


def text_of(body: bytes) -> str:
    """Decode text as UTF-8, else as Latin-1, which fits always."""
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError:
        return body.decode("latin-1")


def read_form(body: bytes) -> dict[str, str]:
    """Read a form as browsers send it; a name given twice keeps all its values."""
    try:
        pairs = parse_qsl(text_of(body), keep_blank_values=True, max_num_fields=1000)
    except ValueError:
        raise UnreadableError(_("The form can't be read.")) from None
    return joined(pairs)


def read_multipart(body: bytes, content_type: str) -> dict[str, str]:
    """Read the fields of a form that can hold files; files are left out."""
    message = BytesParser(policy=HTTP).parsebytes(b"Content-Type: " + content_type.encode() + b"\r\n\r\n" + body)
    pairs = []
    for part in message.iter_parts() if message.is_multipart() else ():
        name = part.get_param("name", header="content-disposition")
        content = part.get_payload(decode=True)
        if isinstance(name, str) and not part.get_filename() and isinstance(content, bytes):
            pairs.append((name, text_of(content)))
    return joined(pairs)


def joined(pairs: list[tuple[str, str]]) -> dict[str, str]:
    """Put pairs into one object; raise Unreadable where there are none."""
    found: dict[str, str] = {}
    for name, value in pairs:
        found[name] = f"{found[name]}, {value}" if found.get(name) else value
    if not found:
        raise UnreadableError(_("The form holds no field."))
    return found


def storable(data: Any) -> Any:
    """Take out of a structure what the database can't hold: characters without meaning."""
    if isinstance(data, str):
        return MEANINGLESS.sub("", data)
    if isinstance(data, dict):
        return {storable(str(key)): storable(value) for key, value in data.items()}
    return [storable(one) for one in data] if isinstance(data, list) else data


def shown(body: bytes) -> str:
    """Give the beginning of a body that could not be read, for whoever mends it."""
    return str(storable(text_of(body)))[:MOST_SHOWN]
