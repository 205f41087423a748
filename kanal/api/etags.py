"""ETags: a record's tag is its revision. Parses and compares If-Match and If-None-Match (RFC 9110).

Compressing proxies mark tags as weak. A revision identifies a record's state, not its bytes, so W/ is accepted.
"""

import hashlib
import re
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja.errors import HttpError

from kanal.core.actor import Actor
from kanal.core.entity import Entity
from kanal.core.writes.revisions import changed_since
from kanal.kit.errors import Conflict, Invalid

TAG = r'(?:W/)?"[\x21\x23-\x7e]*"'
TAGS = re.compile(rf"{TAG}(?:\s*,\s*{TAG})*\s*,?")
REVISION = re.compile(r"(\d{1,9})(?:-[0-9a-f]+)?")


def tag_of(record: Any, content: bytes = b"") -> str:
    """Return a record's tag, with the hash of the response's other content if any."""
    return f'"{record.revision}-{hashlib.sha256(content).hexdigest()[:16]}"' if content else f'"{record.revision}"'


def tags_in(request: HttpRequest, header: str) -> list[str] | None:
    """Return the unquoted tags of a header, `*` for any, or None without it. Raise Invalid for malformed ones."""
    text = request.headers.get(header, "").strip()
    if not text:
        return None
    if text == "*" or re.fullmatch(r"\d{1,9}", text):
        return [text]
    if not TAGS.fullmatch(text):
        raise Invalid.on(header, _("Send ETags in quotes, or *."))
    return [tag.removeprefix("W/").strip('"') for tag in re.findall(TAG, text)]


def expected(request: HttpRequest, entity: Entity, record: Any, by: Actor) -> int | None:
    """Return the revision required by If-Match, or None for any. Raise Conflict if the record has another one."""
    tags = tags_in(request, "If-Match")
    if tags is None or "*" in tags:
        return None
    revisions = [int(match[1]) for tag in tags if (match := REVISION.fullmatch(tag))]
    if record.revision in revisions:
        return record.revision
    if not revisions:
        raise HttpError(412, _("None of these ETags matches the record."))
    raise Conflict(changed_since(entity, record, max(revisions), by), record.revision)


def is_known(request: HttpRequest, tag: str) -> bool:
    """Return whether the caller already has the current state, by If-None-Match."""
    tags = tags_in(request, "If-None-Match")
    return tags is not None and ("*" in tags or tag.strip('"') in tags)


def unchanged(tag: str) -> HttpResponse:
    """Return a 304 response."""
    return HttpResponse(status=304, headers={"ETag": tag})
