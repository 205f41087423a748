"""How the body of a post is read: JSON, a JSON list, or form data; nothing here knows of leads."""

import json
import re
from collections.abc import Iterable
from email.parser import BytesParser
from email.policy import HTTP
from math import isfinite
from typing import Any
from urllib.parse import parse_qsl

from django.utils.translation import gettext as _

from kanal.kit.errors import Invalid
from kanal.kit.reading import encodings

MOST_LEADS = 1000
MOST_BYTES = 1_000_000
MOST_SHOWN = 20_000
MOST_LEVELS = 100
BLANKS = " \t\r\n\ufeff"
FORM = re.compile(r"[^\s=&:]{1,200}=[^&\n]*(?:&|\s*$)")
LINE = re.compile(r"(?P<name>[^\W\d_][^:=\n{}\"]{0,60}?)\s*(?::(?!//)|=)(?P<value>.*)")
MEANINGLESS = re.compile("[\x00\ud800-\udfff]")


class UnreadableError(ValueError):
    """Say why a body can't be understood."""


class TooManyLeads(ValueError):
    """Say that a list holds more leads than one post may."""


def read_body(body: bytes, content_type: str) -> tuple[list[Any], bool]:
    """Return what a body holds, one object for each lead, and whether it was a list; raise Unreadable or TooMany."""
    kind = content_type.partition(";")[0].strip().lower()
    if not body.strip():
        return [{}], False
    charset = charset_of(content_type)
    if kind == "multipart/form-data":
        return [read_multipart(body, content_type)], False
    data = read_text(body, kind, charset)
    if isinstance(data, list):
        if len(data) > MOST_LEADS:
            raise TooManyLeads(_("A post can contain at most %(limit)s leads.") % {"limit": MOST_LEADS})
        if not data:
            raise UnreadableError(_("The list is empty."))
        return data, True
    return [data], False


def read_text(body: bytes, kind: str = "", charset: str | None = None) -> Any:
    """Read JSON, a form or lines, whichever it is: senders name the wrong kind, or none; raise Unreadable."""
    text = decoded(body, charset)
    is_form = kind == "application/x-www-form-urlencoded"
    if text.lstrip(BLANKS)[:1] not in ("{", "[") and not (is_form and "=" not in text):
        if is_form or (" " not in text and FORM.match(text)):
            return read_form(body, charset)
        if lines := read_lines(text):
            return lines
    try:
        return read_json(body, charset)
    except UnreadableError:
        if is_form:
            return read_form(body, charset)
        raise


def read_lines(text: str) -> dict[str, str]:
    """Read lines of names and values, as forms send by e-mail; what stands below a value without a name belongs to it.

    At least two names are needed: else it is a text that somebody wrote.
    """
    fields: dict[str, str] = {}
    name = ""
    for line in text.replace("\r\n", "\n").split("\n"):
        if named := LINE.fullmatch(line):
            name = named["name"].strip()
            fields[name] = f"{fields[name]}, {named['value']}" if fields.get(name) else named["value"].strip()
        elif name and line.strip():
            fields[name] = f"{fields[name]}\n{line.rstrip()}".lstrip("\n")
    return storable(fields) if len(fields) > 1 else {}


def read_json(body: bytes, charset: str | None = None) -> Any:
    """Read JSON; raise Unreadable for anything else than an object or a list."""
    try:
        data = json.loads(decoded(body, charset))
    except (ValueError, RecursionError):
        raise UnreadableError(_("The body is not valid JSON.")) from None
    if not isinstance(data, dict | list):
        raise UnreadableError(_("The body must be an object or a list."))
    if is_deep(data):
        raise UnreadableError(_("The body is nested more than %(limit)s levels deep.") % {"limit": MOST_LEVELS})
    return storable(data)


def is_deep(data: Any) -> bool:
    """Return whether lists and objects stand in each other too deep to be gone through."""
    level = [data]
    for _level in range(MOST_LEVELS):
        below = [item.values() if isinstance(item, dict) else item for item in level if isinstance(item, dict | list)]
        level = [item for several in below for item in several]
        if not level:
            return False
    return True


def charset_of(content_type: str) -> str | None:
    """Return the charset that a content type declares."""
    match = re.search(r"charset\s*=\s*[\"']?([\w.:+-]+)", content_type, re.IGNORECASE)
    return match[1] if match else None


def decoded(body: bytes, charset: str | None = None) -> str:
    """Return text by the declared charset, else as UTF-8, else by its letters; a wrong declaration does not count."""
    for declared in (charset, None):
        try:
            return encodings.decode(body, declared).text
        except Invalid:
            continue
    return body.decode("latin-1")


def encoding_of(texts: Iterable[bytes], charset: str | None) -> str:
    """Return the one encoding of all texts of a form."""
    whole = b"\n".join(texts)
    for declared in (charset, None):
        try:
            return encodings.decode(whole, declared).encoding
        except Invalid:
            continue
    return "latin-1"


def read_form(body: bytes, charset: str | None = None) -> dict[str, str]:
    """Read a form as browsers send it; a name given twice keeps all its values."""
    try:
        text = body.decode("latin-1")
        pairs = parse_qsl(text, keep_blank_values=True, max_num_fields=1000, encoding="latin-1")
    except ValueError:
        raise UnreadableError(_("The form can't be read.")) from None
    raw = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in pairs]
    said = next((value.decode("latin-1") for name, value in raw if name == b"_charset_" and value), charset)
    return storable(merge_pairs(in_letters([pair for pair in raw if pair[0] != b"_charset_"], said)))


def in_letters(pairs: list[tuple[bytes, bytes]], charset: str | None) -> list[tuple[str, str]]:
    """Return the pairs of a form as text, all by one encoding."""
    encoding = encoding_of([part for pair in pairs for part in pair], charset)
    return [(name.decode(encoding, "replace"), value.decode(encoding, "replace")) for name, value in pairs]


def read_multipart(body: bytes, content_type: str) -> dict[str, str]:
    """Read the fields of a form that can hold files; files are left out."""
    message = BytesParser(policy=HTTP).parsebytes(b"Content-Type: " + content_type.encode() + b"\r\n\r\n" + body)
    pairs = []
    for part in message.iter_parts() if message.is_multipart() else ():
        name = part.get_param("name", header="content-disposition")
        content = part.get_payload(decode=True)
        if isinstance(name, str) and not part.get_filename() and isinstance(content, bytes):
            pairs.append((name.encode("utf-8", "surrogateescape"), content))
    return storable(merge_pairs(in_letters(pairs, None)))


def merge_pairs(pairs: list[tuple[str, str]]) -> dict[str, str]:
    """Put pairs into one object; raise Unreadable where there are none."""
    fields: dict[str, str] = {}
    for name, value in pairs:
        fields[name] = f"{fields[name]}, {value}" if fields.get(name) else value
    if not fields:
        raise UnreadableError(_("The form has no fields."))
    return fields


def storable(data: Any) -> Any:
    """Take out of a structure what the database can't hold: characters without meaning, numbers that are none."""
    if isinstance(data, str):
        return MEANINGLESS.sub("", data)
    if isinstance(data, float) and not isfinite(data):
        return str(data)
    if isinstance(data, dict):
        return {storable(str(key)): storable(value) for key, value in data.items()}
    return [storable(item) for item in data] if isinstance(data, list) else data


def shown(body: bytes) -> str:
    """Return the beginning of a body that could not be read, for whoever mends it."""
    return str(storable(decoded(body)))[:MOST_SHOWN]
