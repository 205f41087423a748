"""Cursors: positions in a list as text that only the server can read or create.

A position contains values of its record. It is part of URLs that are mailed to colleagues and stored in logs (LIST-10),
and must not reveal values there that its reader can't see (ACC-6), so it is encrypted, not signed. The same position
has the same text, so that URLs and ETags of responses are stable.
"""

import base64
import datetime as dt
import hashlib
import json
from collections.abc import Sequence
from decimal import Decimal
from functools import lru_cache
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV
from django.conf import settings
from django.utils.translation import gettext as _

from kanal.core.entity import Entity
from kanal.core.query import QueryError

LONGEST = 20_000
TYPES: dict[str, Any] = {
    "n": Decimal,
    "t": dt.datetime.fromisoformat,
    "d": dt.date.fromisoformat,
    "s": str,
    "i": int,
    "b": bool,
}


class CursorError(QueryError):
    """A cursor that can't be read or belongs to another list."""

    def __init__(self) -> None:
        super().__init__(_("This page link has expired. Start again from the first page."), "cursor")


@lru_cache(maxsize=2)
def cipher(secret: str) -> AESSIV:
    """Return the cipher for an installation's key (RFC 5297)."""
    return AESSIV(hashlib.sha512(f"kanal.cursor:{secret}".encode()).digest())


def pack(value: Any) -> list:
    """Return one value of a cursor with its type."""
    if value is None:
        return ["z"]
    if isinstance(value, bool | int | str):
        return ["b" if isinstance(value, bool) else "i" if isinstance(value, int) else "s", value]
    if isinstance(value, dt.datetime):
        return ["t", value.isoformat()]
    return ["d", value.isoformat()] if isinstance(value, dt.date) else ["n", str(value)]


def unpack(stored: list) -> Any:
    """Return one value of a cursor from its stored form."""
    return None if stored[0] == "z" else TYPES[stored[0]](stored[1])


def write_cursor(entity: Entity, sort: str, values: Sequence[Any], *, backwards: bool) -> str:
    """Return the cursor of a position in a list."""
    packed = json.dumps([int(backwards), [pack(value) for value in values]], separators=(",", ":"))
    sealed = cipher(settings.SECRET_KEY).encrypt(packed.encode(), [cursor_scope(entity, sort)])
    return base64.urlsafe_b64encode(sealed).decode().rstrip("=")


def read_cursor(text: str, entity: Entity, sort: str, length: int) -> tuple[list[Any], bool]:
    """Return the values of a position and whether it is read backwards. Raise CursorError for other lists' cursors."""
    try:
        if len(text) > LONGEST or not text.isascii():
            raise CursorError
        sealed = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
        opened = cipher(settings.SECRET_KEY).decrypt(sealed, [cursor_scope(entity, sort)])
        backwards, packed = json.loads(opened)
        values = [unpack(value) for value in packed]
    except (InvalidTag, ValueError, KeyError, TypeError, ArithmeticError):
        raise CursorError from None
    if len(values) != length:
        raise CursorError
    return values, bool(backwards)


def cursor_scope(entity: Entity, sort: str) -> bytes:
    """Return the scope of a cursor, which is only valid for this list."""
    return f"{entity.key}\n{sort}".encode()
