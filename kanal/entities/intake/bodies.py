"""Parsing of a post's body: JSON, a JSON list, or form data. Independent of leads."""

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
    """A body can't be parsed."""


class TooManyLeads(ValueError):
    """A list contains more leads than a post may have."""


def read_body(body: bytes, content_type: str) -> tuple[list[Any], bool]:
    """Return one object per lead in a body, and whether it was a list. Raise UnreadableError or TooManyLeads."""
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
    """Parse JSON, a form or lines, regardless of the often wrong declared type. Raise UnreadableError."""
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
    """Parse lines of names and values, as in form emails. Lines under a value without a name belong to it.

    At least two names are required, otherwise it's free text.
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
    """Parse JSON. Raise UnreadableError for anything other than an object or a list."""
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
    """Return whether lists and objects are nested too deeply to be traversed."""
    level = [data]
    for _level in range(MOST_LEVELS):
        below = [item.values() if isinstance(item, dict) else item for item in level if isinstance(item, dict | list)]
        level = [item for several in below for item in several]
        if not level:
            return False
    return True


def charset_of(content_type: str) -> str | None:
    """Return the charset in a content type."""
    match = re.search(r"charset\s*=\s*[\"']?([\w.:+-]+)", content_type, re.IGNORECASE)
    return match[1] if match else None


def decoded(body: bytes, charset: str | None = None) -> str:
    """Decode text by the declared charset, else as UTF-8, else by its characters. A wrong declaration is ignored."""
    for declared in (charset, None):
        try:
            return encodings.decode(body, declared).text
        except Invalid:
            continue
    return body.decode("latin-1")


def encoding_of(texts: Iterable[bytes], charset: str | None) -> str:
    """Return the common encoding of all texts of a form."""
    whole = b"\n".join(texts)
    for declared in (charset, None):
        try:
            return encodings.decode(whole, declared).encoding
        except Invalid:
            continue
    return "latin-1"


def read_form(body: bytes, charset: str | None = None) -> dict[str, str]:
    """Parse a form as sent by browsers. A repeated name keeps all its values."""
    try:
        text = body.decode("latin-1")
        pairs = parse_qsl(text, keep_blank_values=True, max_num_fields=1000, encoding="latin-1")
    except ValueError:
        raise UnreadableError(_("The form can't be read.")) from None
    raw = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in pairs]
    said = next((value.decode("latin-1") for name, value in raw if name == b"_charset_" and value), charset)
    return storable(merge_pairs(in_letters([pair for pair in raw if pair[0] != b"_charset_"], said)))


def in_letters(pairs: list[tuple[bytes, bytes]], charset: str | None) -> list[tuple[str, str]]:
    """Return the pairs of a form as text, all in one encoding."""
    encoding = encoding_of([part for pair in pairs for part in pair], charset)
    return [(name.decode(encoding, "replace"), value.decode(encoding, "replace")) for name, value in pairs]


def read_multipart(body: bytes, content_type: str) -> dict[str, str]:
    """Parse the fields of a multipart form. Files are skipped."""
    message = BytesParser(policy=HTTP).parsebytes(b"Content-Type: " + content_type.encode() + b"\r\n\r\n" + body)
    pairs = []
    for part in message.iter_parts() if message.is_multipart() else ():
        name = part.get_param("name", header="content-disposition")
        content = part.get_payload(decode=True)
        if isinstance(name, str) and not part.get_filename() and isinstance(content, bytes):
            pairs.append((name.encode("utf-8", "surrogateescape"), content))
    return storable(merge_pairs(in_letters(pairs, None)))


def merge_pairs(pairs: list[tuple[str, str]]) -> dict[str, str]:
    """Merge pairs into an object. Raise UnreadableError if there are none."""
    fields: dict[str, str] = {}
    for name, value in pairs:
        fields[name] = f"{fields[name]}, {value}" if fields.get(name) else value
    if not fields:
        raise UnreadableError(_("The form has no fields."))
    return fields


def storable(data: Any) -> Any:
    """Return data that the database can store: without meaningless characters, and with NaN or infinity as text."""
    if isinstance(data, str):
        return MEANINGLESS.sub("", data)
    if isinstance(data, float) and not isfinite(data):
        return str(data)
    if isinstance(data, dict):
        return {storable(str(key)): storable(value) for key, value in data.items()}
    return [storable(item) for item in data] if isinstance(data, list) else data


def shown(body: bytes) -> str:
    """Return the beginning of an unreadable body, for the user who corrects it."""
    return str(storable(decoded(body)))[:MOST_SHOWN]
