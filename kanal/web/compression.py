"""Compression of pages, even without a proxy in front. It's the fastest level, which makes a list ten times smaller."""

import secrets
import struct
import zlib
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers

SHORTEST = 1000
LEVEL = 1
HEAD = b"\x1f\x8b\x08\x08\0\0\0\0\0\xff"  # gzip, deflated, with a name, no time, unknown system (RFC 1952)
MOST_NOISE = 100
Handler = Callable[[HttpRequest], HttpResponse]


def compressed(handler: Handler) -> Handler:
    """Compress pages for browsers that accept it. A name of random length hides the compressed length (BREACH)."""

    def ask(request: HttpRequest) -> HttpResponse:
        response = handler(request)
        if response.streaming or not response.get("Content-Type", "").startswith("text/html"):
            return response
        if len(response.content) < SHORTEST or response.has_header("Content-Encoding"):
            return response
        patch_vary_headers(response, ("Accept-Encoding",))
        if "gzip" in request.headers.get("Accept-Encoding", ""):
            response.content = pack(response.content)
            response["Content-Encoding"] = "gzip"
            response["Content-Length"] = str(len(response.content))
        return response

    return ask


def pack(content: bytes) -> bytes:
    """Return a page in gzip format, with a name of random length in its header."""
    packer = zlib.compressobj(LEVEL, zlib.DEFLATED, -zlib.MAX_WBITS)
    name = secrets.token_hex(MOST_NOISE)[: secrets.randbelow(MOST_NOISE)].encode()
    end = struct.pack("<LL", zlib.crc32(content), len(content) & 0xFFFFFFFF)
    return HEAD + name + b"\0" + packer.compress(content) + packer.flush() + end
