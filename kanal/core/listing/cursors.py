"""Cursors: a place in a list as text that only the server can read or make.

A place holds values of the record that stands there. It is part of addresses that are mailed to colleagues and kept in
logs (LIST-10), and may not tell there what its reader could not see otherwise (ACC-6); so it is encrypted, not signed.
The same place has the same text, so that an address and an answer's ETag stay what they are.
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
    """Say that a cursor can't be read or belongs to another list."""

    def __init__(self) -> None:
        super().__init__(_("This page link has expired. Start again from the first page."), "cursor")


@lru_cache(maxsize=2)
def cipher(secret: str) -> AESSIV:
    """Make the cipher of an installation's key (RFC 5297)."""
    return AESSIV(hashlib.sha512(f"kanal.cursor:{secret}".encode()).digest())


def pack(value: Any) -> list:
    """Write one value of a cursor with its type."""
    if value is None:
        return ["z"]
    if isinstance(value, bool | int | str):
        return ["b" if isinstance(value, bool) else "i" if isinstance(value, int) else "s", value]
    if isinstance(value, dt.datetime):
        return ["t", value.isoformat()]
    return ["d", value.isoformat()] if isinstance(value, dt.date) else ["n", str(value)]


def unpack(stored: list) -> Any:
    """Read one value of a cursor."""
    return None if stored[0] == "z" else TYPES[stored[0]](stored[1])


def write_cursor(entity: Entity, sort: str, values: Sequence[Any], *, backwards: bool) -> str:
    """Name a place in a list."""
    packed = json.dumps([int(backwards), [pack(value) for value in values]], separators=(",", ":"))
    sealed = cipher(settings.SECRET_KEY).encrypt(packed.encode(), [cursor_scope(entity, sort)])
    return base64.urlsafe_b64encode(sealed).decode().rstrip("=")


def read_cursor(text: str, entity: Entity, sort: str, length: int) -> tuple[list[Any], bool]:
    """Return the values of a place and whether it is read backwards; raise CursorError for one of another list."""
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
    """Return what a cursor belongs to: it can be opened for this list alone."""
    return f"{entity.key}\n{sort}".encode()
