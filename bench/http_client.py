"""A client that sends one request after another over a keep-alive connection, signed in by session or token."""

import gzip
import http.client
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import brotli


@dataclass(frozen=True)
class Answer:
    """A response: its status, its headers (lowercase), its body as transferred."""

    status: int
    headers: dict[str, str]
    raw: bytes

    @property
    def body(self) -> bytes:
        """Return the decompressed body."""
        packing = self.headers.get("content-encoding", "")
        return {"br": brotli.decompress, "gzip": gzip.decompress}.get(packing, bytes)(self.raw)

    @property
    def text(self) -> str:
        """Return the body as text."""
        return self.body.decode()


@dataclass
class Client:
    """A browser or program."""

    base: str
    headers: dict[str, str] = field(default_factory=dict)
    connection: http.client.HTTPConnection | None = None

    def ask(self, path: str, body: bytes | None = None, method: str = "", **more: str) -> Answer:
        """Send a request and read the whole response. Raise on errors."""
        headers = self.headers | {name.replace("_", "-"): value for name, value in more.items()}
        try:
            answer = self.send(method or ("GET" if body is None else "POST"), path, body, headers)
        except http.client.RemoteDisconnected:  # an idle connection was closed
            self.connection = None
            answer = self.send(method or ("GET" if body is None else "POST"), path, body, headers)
        if answer.status >= 400:
            raise RuntimeError(f"{path}: {answer.status} {answer.body[:300]!r}")
        return answer

    def send(self, method: str, path: str, body: bytes | None, headers: dict[str, str]) -> Answer:
        """Send a request over the open connection."""
        if self.connection is None:
            parts = urlsplit(self.base)
            self.connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=120)
        self.connection.request(method, path, body, headers)
        response = self.connection.getresponse()
        return Answer(response.status, {k.lower(): v for k, v in response.getheaders()}, response.read())
