"""A client that asks one request after another over a kept connection, signed in by a session or a token."""

import gzip
import http.client
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import brotli


@dataclass(frozen=True)
class Answer:
    """An answer: its status, its headers (small letters), its body as it travelled."""

    status: int
    headers: dict[str, str]
    raw: bytes

    @property
    def body(self) -> bytes:
        """Return the body unpacked."""
        packing = self.headers.get("content-encoding", "")
        return {"br": brotli.decompress, "gzip": gzip.decompress}.get(packing, bytes)(self.raw)

    @property
    def text(self) -> str:
        """Return the body as text."""
        return self.body.decode()


@dataclass
class Client:
    """One browser or program."""

    base: str
    headers: dict[str, str] = field(default_factory=dict)
    connection: http.client.HTTPConnection | None = None

    def ask(self, path: str, body: bytes | None = None, method: str = "", **more: str) -> Answer:
        """Ask once and read the whole answer; a refusal or an error raises."""
        headers = self.headers | {name.replace("_", "-"): value for name, value in more.items()}
        try:
            found = self.send(method or ("GET" if body is None else "POST"), path, body, headers)
        except http.client.RemoteDisconnected:  # a connection that lay idle was closed
            self.connection = None
            found = self.send(method or ("GET" if body is None else "POST"), path, body, headers)
        if found.status >= 400:
            raise RuntimeError(f"{path}: {found.status} {found.body[:300]!r}")
        return found

    def send(self, method: str, path: str, body: bytes | None, headers: dict[str, str]) -> Answer:
        """Send a request over the kept connection."""
        if self.connection is None:
            parts = urlsplit(self.base)
            self.connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=120)
        self.connection.request(method, path, body, headers)
        response = self.connection.getresponse()
        return Answer(response.status, {k.lower(): v for k, v in response.getheaders()}, response.read())
