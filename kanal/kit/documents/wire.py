"""The protocol between the web process and a worker: frames of a JSON head and a body, plain values only."""

from __future__ import annotations

import json
import re
import struct
from datetime import date, datetime
from decimal import Decimal
from typing import IO, Any

from django.utils.functional import Promise

MAX_FRAME = 100 * 1024 * 1024
_LENGTHS = struct.Struct(">II")
_MAX_NESTING = 12
# Characters that XML can't contain, and those docxtpl reads as page or paragraph breaks.
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def send(stream: IO[bytes], head: dict[str, Any], body: bytes = b"") -> None:
    """Write a frame."""
    text = json.dumps(head, separators=(",", ":")).encode()
    if len(text) > MAX_FRAME or len(body) > MAX_FRAME:
        raise ValueError("the frame is too large")
    stream.write(_LENGTHS.pack(len(text), len(body)))
    stream.write(text)
    stream.write(body)
    stream.flush()


def receive(stream: IO[bytes]) -> tuple[dict[str, Any], bytes]:
    """Read a frame. Raise EOFError if the other side is gone."""
    head_length, body_length = _LENGTHS.unpack(_exactly(stream, _LENGTHS.size))
    if head_length > MAX_FRAME or body_length > MAX_FRAME:
        raise EOFError
    head = json.loads(_exactly(stream, head_length))
    return head, _exactly(stream, body_length)


def _exactly(stream: IO[bytes], length: int) -> bytes:
    data = stream.read(length)
    if data is None or len(data) < length:
        raise EOFError
    return data


def encode(value: Any, nesting: int = 0) -> Any:
    """Convert a plain value to JSON. Reject other objects, such as models."""
    if nesting > _MAX_NESTING:
        raise TypeError("the values of a document are nested too deeply")
    if value is None or type(value) in (bool, int):
        return value
    if isinstance(value, str):
        return _UNWRITABLE.sub("", str(value).replace("\r\n", "\n").replace("\r", "\n"))
    if isinstance(value, (Decimal, float)):
        return {"=": "decimal", "value": str(value)}
    if isinstance(value, date):
        return {"=": type(value).__name__, "value": value.isoformat()}
    return _encode_group(value, nesting)


def _encode_group(value: Any, nesting: int) -> Any:
    if isinstance(value, dict):
        return {"=": "map", "value": {str(key): encode(item, nesting + 1) for key, item in value.items()}}
    if isinstance(value, (list, tuple)):
        return [encode(item, nesting + 1) for item in value]
    if isinstance(value, Promise):
        return encode(str(value), nesting)
    raise TypeError(f"a document takes plain values, not {type(value).__name__}")


def decode(value: Any) -> Any:
    """Convert JSON back to plain values."""
    if isinstance(value, list):
        return [decode(item) for item in value]
    if not isinstance(value, dict):
        return value
    kind, inner = value["="], value["value"]
    if kind == "map":
        return {key: decode(item) for key, item in inner.items()}
    if kind == "decimal":
        return Decimal(inner)
    return datetime.fromisoformat(inner) if kind == "datetime" else date.fromisoformat(inner)
